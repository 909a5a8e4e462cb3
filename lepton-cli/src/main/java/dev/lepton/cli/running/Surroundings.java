package dev.lepton.cli.running;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * What the command line finds around itself.
 *
 * @param java the program that runs this and is to run the platform
 * @param environment of this process
 * @param nanos a clock for durations
 */
public record Surroundings(Path java, Map<String, String> environment, LongSupplier nanos) {

    public static Surroundings ofThisProcess() {
        return new Surroundings(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getenv(),
                System::nanoTime);
    }

    /** A program on the search path. */
    Optional<Path> program(String name) {
        for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
            Path program = Path.of(folder).resolve(name);
            if (Files.isExecutable(program)) {
                return Optional.of(program.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    public void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    public Stopwatch stopwatch() {
        return new Stopwatch(nanos, nanos.getAsLong());
    }

    /** The time since a moment. */
    public record Stopwatch(LongSupplier nanos, long from) {

        public boolean isPast(Duration limit) {
            return nanos.getAsLong() - from > limit.toNanos();
        }

        /** As a column of a progress line. */
        String shown() {
            return "%4d s".formatted(seconds());
        }

        long seconds() {
            return TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - from);
        }

        public Duration elapsed() {
            return Duration.ofNanos(nanos.getAsLong() - from);
        }
    }
}
