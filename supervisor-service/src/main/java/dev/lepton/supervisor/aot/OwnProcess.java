package dev.lepton.supervisor.aot;

import dev.lepton.client.unit.StartId;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.supervision.Ports;
import java.io.IOException;
import java.lang.management.RuntimeMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's own process, whose cache is used by whoever starts it and knows where it is.
 *
 * @param cache where the cache belongs
 * @param java the Java that runs it
 * @param options of its JVM, without those of a cache
 * @param jar that it is started from
 */
public record OwnProcess(Path cache, Path java, List<String> options, Path jar) {

    /** No service can have this name. */
    static final String NAME = "_supervisor";

    private static final String DECLARATION =
            """
            services:
              idle:
                command: ["${java}", --version]
                beater: none
                probe: none
                restart: { type: temporary }
            """;

    /**
     * @param cache null when nobody would use it
     * @param classPath as the JVM tells it; one jar when it was started with {@code -jar}
     */
    public static Optional<OwnProcess> of(
            @Nullable Path cache, Path java, RuntimeMXBean runtime, String classPath) {
        if (cache == null || !classPath.endsWith(".jar") || classPath.contains(":")) {
            return Optional.empty();
        }
        List<String> options =
                runtime.getInputArguments().stream()
                        .filter(option -> !option.startsWith("-XX:AOT"))
                        .filter(option -> !option.startsWith("-Xlog:aot"))
                        .toList();
        return Optional.of(new OwnProcess(cache, java, options, Path.of(classPath)));
    }

    /** A supervisor of nothing much. */
    Trainee trainee(Path workshop, Ports ports) throws IOException {
        Path declaration = workshop.resolve("lepton.yml");
        Files.writeString(declaration, DECLARATION);
        int management = ports.choose();
        StartId start = StartId.random();
        return new Trainee(
                NAME,
                new JavaCommand(
                        java.toString(),
                        options,
                        jar.toString(),
                        List.of(
                                "--lepton.file=" + declaration,
                                "--lepton.home=" + workshop.resolve("home"),
                                "--server.port=" + ports.choose(),
                                "--management.server.port=" + management)),
                start,
                Map.of("LEPTON_START_ID", start.toString()),
                workshop,
                Probe.http("/actuator/health/liveness", true),
                management);
    }
}
