/** How widgets of our dashboards look: alike, and with a title that needs no legend to be understood. */
import { Duration } from 'aws-cdk-lib';
import { GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';

/** A dashboard is 24 columns wide. */
const COLUMNS = 24;
const HEIGHT = 6;

export interface GraphProps {
  /** What it shows, in plain words, and its unit. */
  readonly title: string;
  readonly lines: readonly IMetric[];
  /** Where alarms go on, or what is promised. */
  readonly limits?: readonly Limit[];
  /** @default it fits what it shows */
  readonly max?: number;
  /** @default the region that the dashboard is in */
  readonly region?: string;
}

/** A line across a graph. */
export interface Limit {
  readonly value: number;
  readonly label: string;
}

const graph = ({ title, lines, limits = [], max, region }: GraphProps, width: number): GraphWidget =>
  new GraphWidget({
    title,
    left: [...lines],
    leftAnnotations: [...limits],
    leftYAxis: { min: 0, showUnits: false, ...(max !== undefined && { max }) },
    period: Duration.minutes(1),
    liveData: true,
    width,
    height: HEIGHT,
    ...(region !== undefined && { region }),
  });

/** A heading across the dashboard, with a sentence on how to read what is below it. */
export const heading = (markdown: string): IWidget[] => [
  new TextWidget({ markdown, width: COLUMNS, height: 2 }),
];

/** Graphs side by side, as wide as the dashboard together. */
export const row = (...graphs: readonly GraphProps[]): IWidget[] =>
  graphs.map((props) => graph(props, COLUMNS / graphs.length));
