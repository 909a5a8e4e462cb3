package dev.lepton.registry.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One process start that claims to be a unit, as it speaks to the registry over HTTP. */
public final class RestUnit {

    private static final JsonMapper JSON = ProtocolJson.lenient();

    private final RunningRegistry registry;
    private final String id;
    private final String service;
    private final @Nullable String node;
    private final Map<String, String> labels;
    private final StartId start = StartId.random();
    private long seq;

    private RestUnit(
            RunningRegistry registry,
            String id,
            String service,
            @Nullable String node,
            Map<String, String> labels) {
        this.registry = registry;
        this.id = id;
        this.service = service;
        this.node = node;
        this.labels = labels;
    }

    public static RestUnit startOf(RunningRegistry registry, String id) {
        return new RestUnit(registry, id, "worker", null, Map.of());
    }

    public RestUnit of(String otherService) {
        return new RestUnit(registry, id, otherService, node, labels);
    }

    public RestUnit on(String otherNode) {
        return new RestUnit(registry, id, service, otherNode, labels);
    }

    public RestUnit labelled(Map<String, String> otherLabels) {
        return new RestUnit(registry, id, service, node, otherLabels);
    }

    /** Another process start that claims the same unit. */
    public RestUnit nextStart() {
        return new RestUnit(registry, id, service, node, labels);
    }

    public String id() {
        return id;
    }

    public StartId start() {
        return start;
    }

    public HttpResponse<String> register() {
        return register(registry);
    }

    /** At another replica. */
    public HttpResponse<String> register(RunningRegistry replica) {
        Map<String, Object> registration = new LinkedHashMap<>();
        registration.put("unitId", id);
        registration.put("startId", start);
        registration.put("service", service);
        registration.put("address", Map.of("host", "127.0.0.1", "port", 9001));
        registration.put("labels", labels);
        if (node != null) {
            registration.put("node", node);
        }
        return replica.send("POST", "/v1/units", JSON.writeValueAsString(registration));
    }

    public HttpResponse<String> beat() {
        return beat(SelfCheck.OK);
    }

    public HttpResponse<String> beat(SelfCheck selfCheck) {
        return send(
                "PUT",
                "/heartbeat",
                Map.of(
                        "startId",
                        start,
                        "seq",
                        ++seq,
                        "selfCheck",
                        selfCheck,
                        "completedRequests",
                        10 * seq,
                        "inFlight",
                        1));
    }

    public HttpResponse<String> drain() {
        return send("POST", "/drain", Map.of("startId", start));
    }

    public HttpResponse<String> undrain() {
        return send("POST", "/undrain", Map.of("startId", start));
    }

    public HttpResponse<String> exited(int code) {
        return exited(code, false);
    }

    /** As asked. */
    public HttpResponse<String> stopped() {
        return exited(0, true);
    }

    private HttpResponse<String> exited(int code, boolean expected) {
        return send(
                "POST", "/exit", Map.of("startId", start, "exitCode", code, "expected", expected));
    }

    public HttpResponse<String> deregister() {
        return registry.send("DELETE", "/v1/units/" + id + "?startId=" + start, "");
    }

    public HttpResponse<String> send(String method, String path, Map<String, ?> body) {
        return registry.send(method, "/v1/units/" + id + path, JSON.writeValueAsString(body));
    }

    /** Registers and beats, and has nothing refused. */
    public RestUnit up() {
        assertThat(register().statusCode()).isEqualTo(201);
        assertThat(beat().statusCode()).isEqualTo(200);
        return this;
    }

    public UnitView view() {
        HttpResponse<String> answer = registry.get("/v1/units/" + id);
        return view(answer);
    }

    /** What a call answers that succeeded. */
    public static UnitView view(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readValue(answer.body(), UnitView.class);
    }

    public UnitState state() {
        return view().state();
    }

    public static long incarnation(HttpResponse<String> answer) {
        return JSON.readTree(answer.body()).get("incarnation").asLong();
    }

    /** The member {@code code} of a problem. */
    public static String code(HttpResponse<String> answer) {
        assertThat(answer.headers().firstValue("Content-Type"))
                .as(answer.body())
                .hasValue("application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.get("status").asInt()).isEqualTo(answer.statusCode());
        return problem.get("code").asString();
    }
}
