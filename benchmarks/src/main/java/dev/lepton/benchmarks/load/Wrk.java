package dev.lepton.benchmarks.load;

import dev.lepton.benchmarks.process.Stage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A closed loop: {@code wrk} with one thread sends the next request when one is answered. */
public final class Wrk {

    private static final String REPORT =
            """
            done = function(summary, latency, requests)
              local e = summary.errors
              io.write(string.format("result %d requests %d micros %d errors\\n",
                summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout))
            end
            """;

    private static final Pattern RESULT =
            Pattern.compile("(?m)^result (\\d+) requests (\\d+) micros (\\d+) errors$");

    /**
     * What one run did.
     *
     * @param errors answers other than 2xx and 3xx, broken connections and timeouts
     */
    public record Result(long requests, double seconds, long errors) {

        public double perSecond() {
            return requests / seconds;
        }

        static Result parse(String output) {
            Matcher result = RESULT.matcher(output);
            if (!result.find()) {
                throw new IllegalStateException("wrk printed no result:\n" + output);
            }
            return new Result(
                    Long.parseLong(result.group(1)),
                    Long.parseLong(result.group(2)) / 1e6,
                    Long.parseLong(result.group(3)));
        }
    }

    private final Stage stage;
    private final Path program;
    private final Path script;
    private final int connections;

    /** One that asks for its target with GET. */
    public Wrk(Stage stage, Path program, int connections) throws IOException {
        this(stage, program, connections, "report", "");
    }

    /**
     * @param name of the script's file
     * @param requests Lua that defines {@code request}, which returns the bytes of the next request
     */
    public Wrk(Stage stage, Path program, int connections, String name, String requests)
            throws IOException {
        this.stage = stage;
        this.program = program;
        this.connections = connections;
        this.script = Files.writeString(stage.folder().resolve(name + ".lua"), requests + REPORT);
    }

    public Result run(URI target, Duration length) throws IOException, InterruptedException {
        var running =
                stage.start(
                        "wrk",
                        List.of(
                                program.toString(),
                                "--threads=1",
                                "--connections=" + connections,
                                "--duration=" + length.toSeconds() + "s",
                                "--timeout=10s",
                                "--script=" + script,
                                target.toString()));
        running.handle().onExit().orTimeout(length.toSeconds() + 60, TimeUnit.SECONDS).join();
        return Result.parse(Files.readString(running.log()));
    }
}
