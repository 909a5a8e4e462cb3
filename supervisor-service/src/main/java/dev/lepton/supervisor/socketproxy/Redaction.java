package dev.lepton.supervisor.socketproxy;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What of a container is told. A container's environment, command line and mounts may hold or show
 * secrets that a supervisor has no use for, and what a later engine adds is not known: so what is
 * not named here is left out. The Docker client takes a field that is missing for one that is null.
 */
final class Redaction {

    private static final Set<String> INSPECTED =
            Set.of("Id", "Name", "Created", "Image", "RestartCount", "State");
    private static final Set<String> CONFIG =
            Set.of("Hostname", "Image", "Labels", "StopSignal", "StopTimeout", "Tty");
    private static final Set<String> LISTED =
            Set.of("Id", "Names", "Created", "Image", "ImageID", "Labels", "State", "Status");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Redaction() {}

    static ObjectNode inspected(JsonNode container) {
        ObjectNode told = only(container, INSPECTED);
        told.set("Config", only(container.path("Config"), CONFIG));
        told.putObject("HostConfig")
                .set("RestartPolicy", container.path("HostConfig").path("RestartPolicy"));
        told.putObject("NetworkSettings")
                .set("Networks", container.path("NetworkSettings").path("Networks"));
        return told;
    }

    /** Those of the scope alone, whatever the engine made of the filters. */
    static ArrayNode listed(JsonNode containers, Scope scope) {
        List<ObjectNode> told =
                containers
                        .valueStream()
                        .filter(container -> scope.has(container.path("Labels")))
                        .map(container -> only(container, LISTED))
                        .toList();
        return NODES.arrayNode().addAll(told);
    }

    private static ObjectNode only(JsonNode node, Set<String> names) {
        ObjectNode some = NODES.objectNode();
        node.properties().stream()
                .filter(field -> names.contains(field.getKey()))
                .forEach(field -> some.set(field.getKey(), field.getValue()));
        return some;
    }
}
