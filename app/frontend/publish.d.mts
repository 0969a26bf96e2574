export function publish(made: string, dist: string): Promise<void>;
