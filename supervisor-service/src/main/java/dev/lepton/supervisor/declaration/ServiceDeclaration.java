package dev.lepton.supervisor.declaration;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.recovery.UnitPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A service as {@code lepton.yml} declares it, with every default filled in.
 *
 * @param command the program and its arguments, placeholders still in them
 * @param units how many processes of it run
 * @param managementPort null when it has none
 * @param environment the service's own variables, placeholders still in them
 * @param liveness how a unit that hangs is found out
 * @param policy how its units are recovered
 * @param aot how its AOT cache is made, null when it gets none
 * @param containers its units, which run in containers; null when they run as processes
 */
public record ServiceDeclaration(
        ServiceName name,
        List<String> command,
        int units,
        PortChoice port,
        @Nullable PortChoice managementPort,
        Beating beating,
        Probe probe,
        Set<ServiceName> dependsOn,
        Map<String, String> environment,
        Path workingDirectory,
        Duration stopTimeout,
        LivenessProbe liveness,
        UnitPolicy policy,
        @Nullable AotTraining aot,
        @Nullable List<UnitId> containers) {

    public static final Duration ORDINARY_STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final String JAVA = "${java}";

    public ServiceDeclaration {
        command = List.copyOf(command);
        dependsOn = Collections.unmodifiableSet(new LinkedHashSet<>(dependsOn));
        environment = Map.copyOf(environment);
        containers = containers == null ? null : List.copyOf(containers);
    }

    /** A service whose units run as processes. */
    public ServiceDeclaration(
            ServiceName name,
            List<String> command,
            int units,
            PortChoice port,
            @Nullable PortChoice managementPort,
            Beating beating,
            Probe probe,
            Set<ServiceName> dependsOn,
            Map<String, String> environment,
            Path workingDirectory,
            Duration stopTimeout,
            LivenessProbe liveness,
            UnitPolicy policy,
            @Nullable AotTraining aot) {
        this(
                name,
                command,
                units,
                port,
                managementPort,
                beating,
                probe,
                dependsOn,
                environment,
                workingDirectory,
                stopTimeout,
                liveness,
                policy,
                aot,
                null);
    }

    /** Whether its units are containers that somebody else has created. */
    public boolean inContainers() {
        return containers != null;
    }

    /** Whether its process is a JVM, which can write down its threads. */
    public boolean runsOnJava() {
        return !command.isEmpty() && command.getFirst().equals(JAVA);
    }

    /**
     * {@code worker-1}, {@code worker-2}, …; a single unit that nobody beats for is named like its
     * service.
     */
    public List<UnitId> unitIds() {
        if (containers != null) {
            return containers;
        }
        if (units == 1 && beating == Beating.NONE) {
            return List.of(new UnitId(name.value()));
        }
        return IntStream.rangeClosed(1, units)
                .mapToObj(n -> new UnitId(name.value() + "-" + n))
                .toList();
    }
}
