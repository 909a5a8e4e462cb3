package dev.lepton.supervisor.container;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.supervisor.home.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which containers somebody else has stopped, who will start them as well; later supervisors know
 * it too. A stop counts for the start alone that it has ended, by the engine's clock. Changed by
 * one thread, read by any.
 */
final class StopsElsewhere {

    private static final Logger log = LoggerFactory.getLogger(StopsElsewhere.class);
    private static final TypeReference<Map<String, Instant>> STOPS = new TypeReference<>() {};
    private static final JsonMapper JSON = ProtocolJson.lenient();

    private final Path file;

    /** When each container was stopped, by its id. */
    private volatile Map<String, Instant> stops;

    StopsElsewhere(Path file) {
        this.file = file;
        this.stops = read(file);
    }

    private static Map<String, Instant> read(Path file) {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            return Map.copyOf(JSON.readValue(Files.readAllBytes(file), STOPS));
        } catch (IOException | JacksonException e) {
            log.warn("{} is not read, its containers may be started: {}", file, e.getMessage());
            return Map.of();
        }
    }

    /** From now on; later supervisors know it once it is kept. */
    void stopped(String id, Instant at) {
        Map<String, Instant> more = new HashMap<>(stops);
        more.put(id, at);
        stops = Map.copyOf(more);
    }

    void forget(String id) {
        Map<String, Instant> fewer = new HashMap<>(stops);
        fewer.remove(id);
        stops = Map.copyOf(fewer);
    }

    /** Whether the last start of a container was ended by somebody else. */
    boolean ended(Seen seen) {
        Instant at = stops.get(seen.id());
        return seen.condition() == Seen.Condition.ENDED
                && at != null
                && !seen.startedAt().isAfter(at);
    }

    /** All containers were looked at: the stops of those that are gone or were started are over. */
    void seen(View view) {
        Map<String, Instant> left = new HashMap<>(stops);
        left.keySet()
                .removeIf(id ->
                        !view.unknown().contains(id)
                                && view.containers().stream()
                                        .noneMatch(seen -> seen.id().equals(id) && ended(seen)));
        if (!left.equals(stops)) {
            stops = Map.copyOf(left);
            keep();
        }
    }

    void keep() {
        try {
            DurableFile.write(file, JSON.writeValueAsBytes(stops));
        } catch (IOException e) {
            log.warn("{} is not written, a later supervisor may miss it: {}", file, e.getMessage());
        }
    }
}
