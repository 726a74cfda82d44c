"""Line protocol, made up from a seed: valid, nearly valid and broken."""

import random

NAMES = ["cpu", "usage_idle", "a", "Z9", "имя", "диск💾", "with-dash", "dot.ted", "_under", "back\\slash", "#hash", "a:b", "C:\\\\Temp", "t", "1"]
ESCAPED = ["sp\\ ace", "com\\,ma", "eq\\=ual", "\\ lead", "two\\ \\,x", "end\\\\", "\\,\\=\\ "]
ODD_NAMES = ["", "q\"uote", "end\\", "e=q", "sp ace", "com,ma", "\ttab", "=", "time"]
VALUES = ["1", "1.5", "-2", "0", "-0", "0.1", "1e5", "1e+5", "1E-5", "-3i", "42i", "9223372036854775807i", "-9223372036854775808i",
          "9007199254740993i", "123456789.123456789", "1.7976931348623157e308", "5e-324", "0.30000000000000004", "00012", "01i", "-0i", "t", "T", "true",
          "True", "TRUE", "f", "F", "false", "False", "FALSE", '""', '"text"', '"a b,c=d"', '"say \\"hi\\""', '"back\\\\slash"', '"C:\\Temp"',
          '"two\nlines"', '"# no comment"', '"имя"']
ODD_VALUES = ["", "1.", ".5", "-.5", ".", "-", "+1", "--1", "1..2", "1.2.3", "1e", "1e+", "e5", "1e400", "-1e400", "1e-400", "0x10", "1_000", "i", "-i",
              "1.0i", "1e3i", "1ii", "1 i", "9223372036854775808i", "-9223372036854775809i", "NaN", "nan", "inf", "-Inf", "+Inf", "tRUE", "truth", "tr", "ff",
              "yes", "null", '"open', 'close"', '"a"b', '"a" ', "'single'", '"a\\"', '"\\\\\\"', "1u", "0u", "18446744073709551615u", "-1u", "-.", "1-2", "1i2"]
TIMES = ["", "1795334410000000000", "1795334410000000001", "0", "1", "-1", "1700000000"]
ODD_TIMES = ["+1", "1.5", "1e9", "abc", "1i", "01", "1 2", '"1"', "-", "9223372036854775807", "9223372036854775806", "9223372036854775808",
             "-9223372036854775808", "-9223372036854775806", "1\t", "--1", "1_000"]
NOISE = [",", "=", " ", '"', "\\", "\n", "i", "u", "t", "1", ".", "#", "-", "e", "ж", "x"]
DIGITS = "abcdfghjkl"  # of the number in a measurement: damage can't make another number of it, for NOISE has none of them


def mark(number):
    """How the measurements of body `number` begin."""
    return "m" + "".join(DIGITS[int(digit)] for digit in f"{number:05}") + "_"


def number_in(measurement):
    """The body that a measurement belongs to; nothing where its mark is damaged."""
    if len(measurement) < 7 or measurement[0] != "m" or measurement[6] != "_" or any(letter not in DIGITS for letter in measurement[1:6]):
        return None
    return int("".join(str(DIGITS.index(letter)) for letter in measurement[1:6]))


class Lines:
    """Each body has measurements of its own, so that what was stored of it can be found, and types never clash."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def name(self, odd):
        pick = self.random.random()
        return self.random.choice(ODD_NAMES if pick < odd else ESCAPED if pick < 0.3 else NAMES)

    def value(self, odd):
        return self.random.choice(ODD_VALUES if self.random.random() < odd else VALUES)

    def separator(self, odd):
        return self.random.choice(["  ", "  ", "", " \t"]) if self.random.random() < odd else " "

    def line(self, number, line, odd):
        text = mark(number) + self.random.choice(["", "", self.name(odd / 2)])
        for tag in range(self.random.choice([0, 0, 1, 2, 3])):
            text += f",{self.name(odd / 2)}{'' if self.random.random() < odd / 4 else tag}={self.name(odd / 2)}"
        text += self.separator(odd / 4)
        # A type clashes with no other: a field's name says which line it is in.
        fields = [f"{self.name(odd / 2)}{'' if self.random.random() < odd / 4 else f'_{line}_{field}'}={self.value(odd)}"
                  for field in range(self.random.choice([1, 1, 2, 3]))]
        text += ",".join(fields)
        time = self.random.choice(ODD_TIMES if self.random.random() < odd else TIMES)
        return text + (self.separator(odd / 4) + time if time else self.random.choice(["", "", " "]))

    def damaged(self, text):
        for _ in range(self.random.choice([1, 1, 2])):
            at = self.random.randrange(len(text) + 1)
            cut = self.random.choice([0, 0, 1, 1, 3])
            text = text[:at] + self.random.choice(NOISE + [""]) + text[at + cut:]
        return text

    def body(self, number):
        odd = self.random.choice([0, 0, 0.15, 0.3])
        lines = [self.line(number, line, odd) for line in range(self.random.choice([1, 1, 1, 2, 3]))]
        if self.random.random() < 0.1:
            lines.insert(self.random.randrange(len(lines) + 1), self.random.choice(["", " ", "# note", "#", "  # indented"]))
        text = "\n".join(lines) + self.random.choice(["\n", ""])
        text = self.damaged(text) if self.random.random() < 0.3 else text
        return text.replace("\n", "\r\n") if self.random.random() < 0.03 else text
