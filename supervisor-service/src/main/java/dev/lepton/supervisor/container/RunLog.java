package dev.lepton.supervisor.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the last lines of a run that is over: the engine's log goes on with the next one. */
record RunLog(Engine engine, Executor callers) {

    private static final Logger log = LoggerFactory.getLogger(RunLog.class);
    private static final int LINES = 200;

    /** Never known exactly: what came later is of the next start. */
    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * @param until when it ended, {@link Instant#MAX} when that is not known
     * @param then run afterwards, also when nothing could be kept
     */
    void keep(ContainerRun run, Instant until, Runnable then) {
        callers.execute(() -> {
            try {
                keep(run, until);
            } finally {
                then.run();
            }
        });
    }

    private void keep(ContainerRun run, Instant until) {
        Path file = run.log();
        if (file == null) {
            return;
        }
        Instant from = run.mark().startedAt();
        Instant end = until.equals(Instant.MAX) ? from.plus(LONGEST) : until;
        try {
            Files.writeString(
                    file,
                    engine.lastLines(run.mark().containerId(), LINES, from, end),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException | EngineAway e) {
            // They only explain; the run is over all the same.
            log.info("the last lines of {} are not kept: {}", run.unit(), e.getMessage());
        }
    }
}
