/** Opens the model of a folder, in whichever form it is there. */
import { readForm } from './form';
import { GraphModel } from './graphModel';
import { Model, type ModelOptions, type RunnableModel, type Runtime } from './model';

/** @throws NeosearchError `bad-model` */
export async function openModel(
  runtime: Runtime,
  dir: string,
  options: ModelOptions,
): Promise<RunnableModel> {
  const form = await readForm(dir);
  return form.kind === 'neobert'
    ? Model.open(runtime, dir, options)
    : GraphModel.open(runtime, form.graph, form.config, options);
}
