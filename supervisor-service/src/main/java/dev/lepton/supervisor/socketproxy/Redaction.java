package dev.lepton.supervisor.socketproxy;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
            Set.of("Id", "Name", "Created", "Image", "RestartCount");
    private static final Set<String> STATE =
            Set.of(
                    "Status",
                    "Running",
                    "Paused",
                    "Restarting",
                    "OOMKilled",
                    "Dead",
                    "Pid",
                    "ExitCode",
                    "StartedAt",
                    "FinishedAt");
    private static final Set<String> CONFIG =
            Set.of("Hostname", "Image", "Labels", "StopSignal", "StopTimeout", "Tty");
    private static final Set<String> LISTED =
            Set.of("Id", "Names", "Created", "Image", "ImageID", "Labels", "State", "Status");

    private static final Set<String> EVENT = Set.of("Type", "id", "time", "timeNano");
    private static final Set<String> ATTRIBUTES = Set.of(Scope.UNIT, Scope.PROJECT, "exitCode");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final String EXEC = "exec_";

    private Redaction() {}

    static ObjectNode inspected(JsonNode container) {
        ObjectNode told = only(container, INSPECTED);
        told.set("State", only(container.path("State"), STATE));
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

    /**
     * Null for one that is not told: of a container that is out of the scope, or of a process that
     * somebody runs in one. What follows a colon in the name of an action is a command line, or the
     * words of a health check.
     */
    static @Nullable ObjectNode event(JsonNode event, Scope scope) {
        JsonNode attributes = event.path("Actor").path("Attributes");
        String action = action(event, "Action");
        String status = action(event, "status");
        if (action.startsWith(EXEC) || status.startsWith(EXEC) || !scope.has(attributes)) {
            return null;
        }
        ObjectNode told = only(event, EVENT);
        told.put("Action", action);
        if (!status.isEmpty()) {
            told.put("status", status);
        }
        ObjectNode actor = told.putObject("Actor");
        actor.put("ID", event.path("Actor").path("ID").asString(""));
        actor.set("Attributes", only(attributes, ATTRIBUTES));
        return told;
    }

    private static String action(JsonNode event, String field) {
        String action = event.path(field).asString("");
        int colon = action.indexOf(':');
        return colon < 0 ? action : action.substring(0, colon);
    }

    private static ObjectNode only(JsonNode node, Set<String> names) {
        ObjectNode some = NODES.objectNode();
        node.properties().stream()
                .filter(field -> names.contains(field.getKey()))
                .forEach(field -> some.set(field.getKey(), field.getValue()));
        return some;
    }
}
