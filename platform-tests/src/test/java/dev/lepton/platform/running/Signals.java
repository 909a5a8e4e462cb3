package dev.lepton.platform.running;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Signals to one process, by pid. */
public final class Signals {

    private Signals() {}

    public static void kill(long pid) {
        send("KILL", pid);
    }

    /** All of them with one call; some may have ended by themselves. */
    static void kill(List<Long> pids) {
        List<String> words = new ArrayList<>(List.of("kill", "-KILL"));
        pids.forEach(pid -> words.add(pid.toString()));
        run(words);
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
        if (run(List.of("kill", "-" + signal, Long.toString(pid))) != 0) {
            throw new IllegalStateException("kill -%s %d failed".formatted(signal, pid));
        }
    }

    private static int run(List<String> words) {
        try {
            return new ProcessBuilder(words).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
