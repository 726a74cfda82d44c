import 'uplot/dist/uPlot.min.css';
import './theme.css';
import './style.css';
import { App } from './app';

new App().start();
