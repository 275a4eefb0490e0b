/** The thread on which inference runs, so that the event loop stays free. */
import { workerData } from 'node:worker_threads';
import { yieldToEventLoop } from '../threads.ts';
import { type Encoding, loadModel, type Model, type Role } from './model.ts';
import type { EncoderSettings } from './settings.ts';

export interface WorkerData {
  folder: string;
  settings: EncoderSettings;
  threads: number;
}

export type Task =
  | { do: 'encode'; text: string; role: Role; maxTokens: number }
  | { do: 'count'; texts: readonly string[] }
  | { do: 'load' };

export type Outcome = Encoding | number[] | true;

const { folder, settings, threads } = workerData as WorkerData;
yieldToEventLoop();

let loaded: Promise<Model> | undefined;

export default async function work(task: Task): Promise<Outcome> {
  loaded ??= loadModel(folder, settings, threads);
  const ready = await loaded;
  if (task.do === 'encode') return ready.encode(task.text, task.role, task.maxTokens);
  if (task.do === 'count') return ready.countTokens(task.texts);
  return true;
}
