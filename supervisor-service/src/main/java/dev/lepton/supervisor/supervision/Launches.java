package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.StartId;
import dev.lepton.supervisor.declaration.Placeholders;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.runtime.LaunchSpec;
import java.net.URI;
import java.nio.file.Path;
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
        Map<String, String> values = new HashMap<>();
        values.put("home", home.toString());
        values.put("java", java.toString());
        values.put("port", String.valueOf(port));
        values.put("unit", unit.id().value());
        values.put("node", node.value());
        if (managementPort != null) {
            values.put("management-port", String.valueOf(managementPort));
        }
        Map<String, String> environment = new HashMap<>();
        environment.put("LEPTON_UNIT_ID", unit.id().value());
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
        service.environment()
                .forEach((name, value) ->
                        environment.put(name, Placeholders.resolve(value, values)));
        return new LaunchSpec(
                start,
                service.command().stream().map(word -> Placeholders.resolve(word, values)).toList(),
                environment,
                Path.of(Placeholders.resolve(service.workingDirectory().toString(), values)),
                log);
    }
}
