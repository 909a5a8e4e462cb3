package dev.lepton.supervisor.socketproxy;

import dev.lepton.supervisor.socketproxy.EngineCall.Events;
import dev.lepton.supervisor.socketproxy.EngineCall.Inspect;
import dev.lepton.supervisor.socketproxy.EngineCall.ListContainers;
import dev.lepton.supervisor.socketproxy.EngineCall.Logs;
import dev.lepton.supervisor.socketproxy.EngineCall.OfContainer;
import dev.lepton.supervisor.socketproxy.EngineCall.Ping;
import dev.lepton.supervisor.socketproxy.EngineCall.Restart;
import dev.lepton.supervisor.socketproxy.EngineCall.Start;
import dev.lepton.supervisor.socketproxy.EngineCall.Stop;
import dev.lepton.supervisor.socketproxy.EngineCall.Version;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes one allowed call of the engine, and tells the client the answer. */
final class Forwarding {

    /** What a container may have as a grace of its own. */
    private static final int UNKNOWN_GRACE_SECONDS = 120;

    private static final Pattern FULL_ID = Pattern.compile("[0-9a-f]{64}");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Engine engine;
    private final Scope scope;
    private final Duration patience;
    private final String prefix;
    private final Client client;

    /**
     * @param patience with the engine, beside the time that a call gives to a container
     * @param prefix of the API's version, or nothing
     */
    Forwarding(Engine engine, Scope scope, Duration patience, String prefix, Client client) {
        this.engine = engine;
        this.scope = scope;
        this.patience = patience;
        this.prefix = prefix;
        this.client = client;
    }

    /**
     * @throws NotAllowed when it is about a container that is not to be touched
     */
    void forward(EngineCall call) throws IOException, EngineAway, NotAllowed {
        switch (call) {
            case Ping ping -> pass(ping, patience);
            case Version version -> pass(version, patience);
            case ListContainers list -> list(list);
            case Events events -> events(events);
            case OfContainer named -> ofContainer(named);
        }
    }

    /**
     * The engine is told the full id of the container that was looked at, because a name can be
     * another container's a moment later.
     */
    private void ofContainer(OfContainer named) throws IOException, EngineAway, NotAllowed {
        JsonNode container = ask(new Inspect(named.container()), JsonNode::isObject);
        if (container == null) {
            return;
        }
        if (!scope.has(container.path("Config").path("Labels"))) {
            throw new NotAllowed(
                    "container %s is no unit of the project %s"
                            .formatted(named.container(), scope.project()));
        }
        String id = container.path("Id").asString("");
        if (!FULL_ID.matcher(id).matches()) {
            throw new EngineAway("the engine tells no id of container " + named.container());
        }
        switch (named.of(id)) {
            case Inspect _ -> tell(Redaction.inspected(container));
            case Start start -> pass(start, patience);
            case Stop stop -> pass(stop, withGrace(stop.graceSeconds()));
            case Restart restart -> pass(restart, withGrace(restart.graceSeconds()));
            case Logs logs -> stream(logs, logs.excerpt().follow() ? null : patience);
        }
    }

    private Duration withGrace(@Nullable Integer seconds) {
        return patience.plusSeconds(seconds == null ? UNKNOWN_GRACE_SECONDS : seconds);
    }

    private void list(ListContainers list) throws IOException, EngineAway {
        JsonNode containers = ask(list, JsonNode::isArray);
        if (containers != null) {
            tell(Redaction.listed(containers, scope));
        }
    }

    /** Null when the engine has refused, and the client was told how. */
    private @Nullable JsonNode ask(EngineCall call, Predicate<JsonNode> expected)
            throws IOException, EngineAway {
        EngineRequest request = EngineRequest.of(prefix, call, scope);
        try (EngineConnection connection = connected(request, patience)) {
            EngineAnswer answer = connection.ask(request);
            byte[] body = connection.body();
            if (answer.status() == EngineAnswer.OK) {
                JsonNode answered = JSON.readTree(body);
                if (!expected.test(answered)) {
                    throw new EngineAway(
                            "the engine's answer is not of the kind that was asked for");
                }
                return answered;
            }
            client.answer(answer.status(), answer.headers(), body);
            return null;
        } catch (JacksonException _) {
            throw new EngineAway("the engine's answer breaks off, or is no JSON");
        }
    }

    private void pass(EngineCall call, Duration patience) throws IOException, EngineAway {
        EngineRequest request = EngineRequest.of(prefix, call, scope);
        try (EngineConnection connection = connected(request, patience)) {
            EngineAnswer answer = connection.ask(request);
            client.answer(answer.status(), answer.headers(), connection.body());
        }
    }

    private void events(Events events) throws IOException, EngineAway {
        EngineRequest request = EngineRequest.of(prefix, events, scope);
        try (EngineConnection connection = connected(request, null)) {
            EngineAnswer answer = connection.ask(request);
            if (answer.status() != EngineAnswer.OK) {
                client.answer(answer.status(), answer.headers(), connection.body());
                return;
            }
            OutputStream out = client.begin(answer.status(), answer.headers());
            new EventLines(connection.stream(), out, scope).pass();
        }
    }

    /**
     * @param patience null for as long as the client stays
     */
    private void stream(EngineCall call, @Nullable Duration patience)
            throws IOException, EngineAway {
        EngineRequest request = EngineRequest.of(prefix, call, scope);
        try (EngineConnection connection = connected(request, patience)) {
            EngineAnswer answer = connection.ask(request);
            connection.stream().transferTo(client.begin(answer.status(), answer.headers()));
        }
    }

    /**
     * What only reads ends with its client. What acts does not: an engine that is left in the
     * middle of a restart may have stopped the container, and not start it again.
     */
    private EngineConnection connected(EngineRequest request, @Nullable Duration patience)
            throws EngineAway {
        EngineConnection connection = patience == null ? engine.open() : engine.open(patience);
        if (!request.acts()) {
            client.gone().thenRun(connection::close);
        }
        return connection;
    }

    private void tell(JsonNode told) throws IOException {
        client.answer(
                EngineAnswer.OK,
                Map.of("Content-Type", "application/json"),
                JSON.writeValueAsBytes(told));
    }
}
