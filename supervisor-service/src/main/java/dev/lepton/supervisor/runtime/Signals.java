package dev.lepton.supervisor.runtime;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the signals that the JDK cannot, by the {@code kill} of every Unix. */
final class Signals {

    private static final Logger log = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /**
     * Does not wait. A signal that cannot be sent is logged: whoever needs its effect waits for it.
     */
    static void send(String signal, long pid) {
        start(signal, pid);
    }

    /** Does not wait either; completes with whether the signal was sent, never exceptionally. */
    static CompletableFuture<Boolean> sent(String signal, long pid) {
        Process kill = start(signal, pid);
        return kill == null
                ? CompletableFuture.completedFuture(false)
                : kill.onExit().thenApply(ended -> ended.exitValue() == 0);
    }

    private static @Nullable Process start(String signal, long pid) {
        try {
            return new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                    .redirectInput(ProcessBuilder.Redirect.PIPE)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            log.warn("SIG{} cannot be sent to pid {}: {}", signal, pid, e.getMessage());
            return null;
        }
    }
}
