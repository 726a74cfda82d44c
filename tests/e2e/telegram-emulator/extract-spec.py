#!/usr/bin/env python3
"""Cuts bot-api.json from a machine-readable description of the whole Bot API, such as
https://github.com/PaulSonOfLars/telegram-bot-api-spec publishes: extract-spec.py WHOLE.json > bot-api.json"""
import json
import sys

METHODS = """getMe getUpdates setWebhook getWebhookInfo deleteWebhook setMyCommands deleteMyCommands answerCallbackQuery sendMessage
sendPhoto
sendDocument sendMediaGroup sendChatAction editMessageText editMessageCaption editMessageMedia editMessageReplyMarkup
deleteMessage pinChatMessage unpinChatMessage""".split()
PLAIN = {"Integer", "Float", "String", "Boolean", "True", "InputFile"}


def innermost(name):
    return name.split("Array of ")[-1]


def fields_of(entry):
    return {f["name"]: ("!" if f["required"] else "?") + "|".join(f["types"]) for f in entry.get("fields", [])}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        whole = json.load(file)
    methods = {name: fields_of(whole["methods"][name]) for name in METHODS}
    types, wanted = {}, {innermost(t) for m in methods.values() for f in m.values() for t in f[1:].split("|")}
    while wanted - types.keys() - PLAIN:
        name = min(wanted - types.keys() - PLAIN)
        entry = whole["types"][name]
        types[name] = {"subtypes": entry["subtypes"]} if "subtypes" in entry else {"fields": fields_of(entry)}
        wanted |= set(entry.get("subtypes", []))
        wanted |= {innermost(t) for f in types[name].get("fields", {}).values() for t in f[1:].split("|")}
    print('{"version": %s,\n"methods": {' % json.dumps(whole["version"]))
    print(",\n".join(f"{json.dumps(n)}: {json.dumps(v)}" for n, v in sorted(methods.items())))
    print('},\n"types": {')
    print(",\n".join(f"{json.dumps(n)}: {json.dumps(v)}" for n, v in sorted(types.items())))
    print("}}")


main()
