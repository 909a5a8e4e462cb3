package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.declaration.AotTraining;
import dev.lepton.supervisor.declaration.Placeholders;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.runtime.LaunchSpec;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says how a unit is started: its command with every placeholder filled in, and its environment.
 *
 * @param home the folder of all state, absolute
 * @param java the Java that units get for {@code ${java}}
 */
public record Launches(
        NodeName node, List<URI> registryUrls, Path home, Path tokenFile, Path java) {

    LaunchSpec spec(
            UnitPlan unit, StartId start, int port, @Nullable Integer managementPort, Path log) {
        ServiceDeclaration service = unit.service();
        Map<String, String> values = values(unit.id(), port, managementPort);
        Map<String, String> environment =
                environment(service, unit.id(), start, port, managementPort);
        fill(environment, service.environment(), values);
        return spec(unit.id(), service, start, environment, values, log);
    }

    /**
     * The run from which the JVM learns: as the unit's starts are, but with a home and a token of
     * its own, and with a registry that does not answer.
     *
     * @param apart the home that is thrown away, with a token in it
     * @param nobody where no registry answers
     */
    public LaunchSpec training(
            ServiceDeclaration service,
            AotTraining training,
            StartId start,
            int port,
            @Nullable Integer managementPort,
            Path apart,
            URI nobody,
            Path log) {
        UnitId id = new UnitId(service.name().value() + "-training");
        Launches elsewhere =
                new Launches(node, List.of(nobody), apart, apart.resolve("token"), java);
        Map<String, String> environment =
                elsewhere.environment(service, id, start, port, managementPort);
        Map<String, String> apartValues = elsewhere.values(id, port, managementPort);
        fill(environment, service.environment(), apartValues);
        fill(environment, training.environment(), apartValues);
        Map<String, String> values = values(id, port, managementPort);
        List<String> words = service.command();
        // The JVM's part is that of every start; the program's arguments must not lead to what the
        // units write.
        int program = words.indexOf("-jar") + 2;
        List<String> command = new ArrayList<>(resolved(words.subList(0, program), values));
        command.addAll(resolved(words.subList(program, words.size()), apartValues));
        return new LaunchSpec(
                id, start, command, environment, workingDirectory(service, values), log);
    }

    private static List<String> resolved(List<String> words, Map<String, String> values) {
        return words.stream().map(word -> Placeholders.resolve(word, values)).toList();
    }

    private static Path workingDirectory(ServiceDeclaration service, Map<String, String> values) {
        return Path.of(Placeholders.resolve(service.workingDirectory().toString(), values));
    }

    private static LaunchSpec spec(
            UnitId unit,
            ServiceDeclaration service,
            StartId start,
            Map<String, String> environment,
            Map<String, String> values,
            Path log) {
        return new LaunchSpec(
                unit,
                start,
                resolved(service.command(), values),
                environment,
                workingDirectory(service, values),
                log);
    }

    private static void fill(
            Map<String, String> environment,
            Map<String, String> declared,
            Map<String, String> values) {
        declared.forEach(
                (name, value) -> environment.put(name, Placeholders.resolve(value, values)));
    }

    private Map<String, String> values(UnitId unit, int port, @Nullable Integer managementPort) {
        Map<String, String> values = new HashMap<>();
        values.put("home", home.toString());
        values.put("java", java.toString());
        values.put("port", String.valueOf(port));
        values.put("unit", unit.value());
        values.put("node", node.value());
        if (managementPort != null) {
            values.put("management-port", String.valueOf(managementPort));
        }
        return values;
    }

    private Map<String, String> environment(
            ServiceDeclaration service,
            UnitId unit,
            StartId start,
            int port,
            @Nullable Integer managementPort) {
        Map<String, String> environment = new HashMap<>();
        environment.put("LEPTON_UNIT_ID", unit.value());
        environment.put("LEPTON_START_ID", start.toString());
        environment.put("LEPTON_SERVICE", service.name().value());
        environment.put("LEPTON_NODE", node.value());
        environment.put("LEPTON_HOME", home.toString());
        environment.put("LEPTON_TOKEN_FILE", tokenFile.toString());
        for (String name : List.of("LEPTON_PORT", "PORT", "SERVER_PORT")) {
            environment.put(name, String.valueOf(port));
        }
        if (managementPort != null) {
            environment.put("LEPTON_MANAGEMENT_PORT", managementPort.toString());
            environment.put("MANAGEMENT_SERVER_PORT", managementPort.toString());
        }
        if (!registryUrls.isEmpty()) {
            environment.put(
                    "LEPTON_REGISTRY_URL",
                    registryUrls.stream().map(URI::toString).collect(Collectors.joining(",")));
        }
        return environment;
    }
}
