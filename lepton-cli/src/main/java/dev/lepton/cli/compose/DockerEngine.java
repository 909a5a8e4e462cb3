package dev.lepton.cli.compose;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The Docker engine that the programs of Docker on this machine talk to. */
public final class DockerEngine {

    private static final int LIMIT_SECONDS = 10;

    private DockerEngine() {}

    /** Whether it answers. */
    public static boolean answers() {
        try {
            Process version =
                    new ProcessBuilder("docker", "version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!version.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                version.destroyForcibly();
                return false;
            }
            return version.exitValue() == 0;
        } catch (IOException e) {
            // There is no such program.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
