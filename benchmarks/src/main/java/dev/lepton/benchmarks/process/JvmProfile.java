package dev.lepton.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Samples of what the threads of another JVM spend their processor time on, by Flight Recorder. */
public final class JvmProfile {

    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** By the processor's time, as opposed to that which passes; also within system calls. */
    private static final String SAMPLE = "jdk.CPUTimeSample";

    private JvmProfile() {}

    /** Lets the JVM record for so long; what it records goes to the file a little later. */
    public static void start(Stage stage, long pid, Path file, Duration length) throws IOException {
        stage.start(
                        "jcmd",
                        List.of(
                                JCMD.toString(),
                                Long.toString(pid),
                                "JFR.start",
                                SAMPLE + "#enabled=true",
                                SAMPLE + "#throttle=10ms",
                                "duration=" + length.toSeconds() + "s",
                                "filename=" + file))
                .handle()
                .onExit()
                .join();
    }

    /**
     * Waits for the file.
     *
     * @return of each sample the names of the classes on the stack, the innermost first
     */
    public static List<List<String>> stacks(Path file) throws IOException {
        long from = System.nanoTime();
        while (!Files.exists(file) || Files.size(file) == 0) {
            if (System.nanoTime() - from > LIMIT.toNanos()) {
                throw new IOException("the JVM wrote no recording");
            }
            LockSupport.parkNanos(200_000_000);
        }
        List<List<String>> stacks = new ArrayList<>();
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                if (event.getEventType().getName().equals(SAMPLE)
                        && event.getStackTrace() != null) {
                    stacks.add(
                            event.getStackTrace().getFrames().stream()
                                    .map(frame -> frame.getMethod().getType().getName())
                                    .toList());
                }
            }
        }
        return stacks;
    }
}
