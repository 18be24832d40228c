// Everybody who takes part in the flood, called together and sent home together.
import { openEmployees } from './employees.ts';
import { openScene } from './scene.ts';
import { type Cast, startCrew } from './step.ts';

export interface CastOptions {
  readonly hasIpv6: boolean;
  readonly withBrowsers: boolean;
  readonly say: (line: string) => void;
  readonly hubScript?: string;
}

export interface OpenCast extends Cast {
  close(): Promise<void>;
}

export async function openCast({ withBrowsers, ...options }: CastOptions): Promise<OpenCast> {
  const { hasIpv6 } = options;
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  try {
    const scene = await openScene(options);
    closers.push(() => scene.close());
    const crew = await startCrew(hasIpv6);
    closers.push(() => crew.stop());
    const employees = await openEmployees(scene.employees);
    closers.push(() => employees.close());
    const browsers = withBrowsers
      ? ([await scene.stage.enter('alice', 'webmail'), await scene.stage.enter('bruno', 'intranet')] as const)
      : undefined;
    const { generator, visitors, squatters, sink } = crew;
    return {
      scene,
      employees,
      browsers,
      generator,
      visitors,
      squatters,
      sinkPort: sink.ready,
      hasIpv6,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
