package dev.lepton.supervisor.socketproxy;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Whose containers are touched: those of one Compose project that are labelled as units.
 *
 * @param project its name
 */
record Scope(String project) {

    static final String PROJECT = "com.docker.compose.project";
    static final String UNIT = "lepton.unit";

    /** All labels that a container must have, as the engine's filters say it. */
    List<String> and(List<String> labels) {
        return Stream.concat(Stream.of(UNIT, PROJECT + "=" + project), labels.stream())
                .distinct()
                .toList();
    }

    /**
     * @param labels of a container, as the engine tells them
     */
    boolean has(JsonNode labels) {
        return labels.path(UNIT).isString() && labels.path(PROJECT).asString("").equals(project);
    }
}
