package dev.lepton.platform.running;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to one process, by pid. */
public final class Signals {

    private Signals() {}

    public static void kill(long pid) {
        send("KILL", pid);
    }

    public static void stop(long pid) {
        send("STOP", pid);
    }

    public static void resume(long pid) {
        send("CONT", pid);
    }

    public static void interrupt(long pid) {
        send("INT", pid);
    }

    private static void send(String signal, long pid) {
        try {
            int exit =
                    new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -%s %d failed".formatted(signal, pid));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
