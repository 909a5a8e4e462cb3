package dev.lepton.supervisor.socketproxy;

import dev.lepton.supervisor.socketproxy.EngineCall.Inspect;
import java.time.Duration;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the Compose project of the container that this process runs in. */
final class OwnProject {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The beginning of its id, unless somebody gave it another one. */
    private static final Pattern HOST_NAME = Pattern.compile("[0-9a-f]{12}");

    private OwnProject() {}

    /**
     * @param hostName of the container
     * @throws IllegalStateException when it is in none
     */
    static String ask(Engine engine, String hostName) throws EngineAway {
        if (HOST_NAME.matcher(hostName).matches()) {
            JsonNode own = inspect(engine, hostName);
            String project = own.path("Config").path("Labels").path(Scope.PROJECT).asString("");
            if (own.path("Id").asString("").startsWith(hostName) && !project.isEmpty()) {
                return project;
            }
        }
        throw new IllegalStateException(
                "the engine knows no container '%s' of a Compose project: set LEPTON_PROJECT to the project whose units are supervised"
                        .formatted(hostName));
    }

    private static JsonNode inspect(Engine engine, String hostName) throws EngineAway {
        try (EngineConnection connection = engine.open(PATIENCE)) {
            EngineAnswer _ =
                    connection.ask(EngineRequest.of("", new Inspect(hostName), new Scope("")));
            return JsonMapper.shared().readTree(connection.body());
        } catch (JacksonException _) {
            throw new EngineAway("the engine's answer breaks off, or is no JSON");
        }
    }
}
