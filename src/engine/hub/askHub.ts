/** A connection to the hub that the environment names, for as long as one question takes. */
import { Connection, type ConnectionOptions } from './connection';
import { hubSettings, type HubEnvironment } from './environment';

export type Asking = Pick<ConnectionOptions, 'signal' | 'log' | 'wait'> & {
  readonly env?: HubEnvironment | undefined;
};

export async function askHub<T>(asking: Asking, ask: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = new Connection({ ...asking, ...hubSettings(asking.env) });
  try {
    return await ask(connection);
  } finally {
    await connection.close();
  }
}
