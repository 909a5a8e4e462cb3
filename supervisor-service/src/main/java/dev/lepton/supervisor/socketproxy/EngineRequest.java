package dev.lepton.supervisor.socketproxy;

import dev.lepton.supervisor.socketproxy.EngineCall.Events;
import dev.lepton.supervisor.socketproxy.EngineCall.Excerpt;
import dev.lepton.supervisor.socketproxy.EngineCall.Inspect;
import dev.lepton.supervisor.socketproxy.EngineCall.ListContainers;
import dev.lepton.supervisor.socketproxy.EngineCall.Logs;
import dev.lepton.supervisor.socketproxy.EngineCall.Ping;
import dev.lepton.supervisor.socketproxy.EngineCall.Restart;
import dev.lepton.supervisor.socketproxy.EngineCall.Start;
import dev.lepton.supervisor.socketproxy.EngineCall.Stop;
import dev.lepton.supervisor.socketproxy.EngineCall.Version;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is sent to the engine: written anew from the call, nothing in it is the client's text. */
record EngineRequest(String method, String target) {

    /**
     * @param prefix of the API's version, or nothing
     */
    static EngineRequest of(String prefix, EngineCall call, Scope scope) {
        EngineRequest request =
                switch (call) {
                    case Ping(boolean headAlone) ->
                            new EngineRequest(headAlone ? "HEAD" : "GET", "/_ping");
                    case Version() -> get("/version");
                    case ListContainers list ->
                            get(
                                    "/containers/json?all=%d&%s"
                                            .formatted(
                                                    list.stoppedToo() ? 1 : 0,
                                                    filters(
                                                            Map.of(
                                                                    "label",
                                                                    scope.and(list.labels())))));
                    case Events events ->
                            get("/events?" + String.join("&", parameters(events, scope)));
                    case Inspect(String id) -> get("/containers/" + id + "/json");
                    case Logs(String id, Excerpt excerpt) ->
                            get(
                                    "/containers/"
                                            + id
                                            + "/logs?"
                                            + String.join("&", parameters(excerpt)));
                    case Start(String id) -> post("/containers/" + id + "/start", null);
                    case Stop(String id, Integer seconds) ->
                            post("/containers/" + id + "/stop", seconds);
                    case Restart(String id, Integer seconds) ->
                            post("/containers/" + id + "/restart", seconds);
                };
        return new EngineRequest(request.method, prefix + request.target);
    }

    /** Whether it changes something, and does not just ask. */
    boolean acts() {
        return method.equals("POST");
    }

    /** In HTTP 1.0, so that the answer is whatever comes until the end of the connection. */
    byte[] bytes() {
        return "%s %s HTTP/1.0\r\nHost: engine\r\nUser-Agent: lepton-socket-proxy\r\n%s\r\n"
                .formatted(method, target, acts() ? "Content-Length: 0\r\n" : "")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static EngineRequest get(String target) {
        return new EngineRequest("GET", target);
    }

    private static EngineRequest post(String path, @Nullable Integer graceSeconds) {
        return new EngineRequest("POST", graceSeconds == null ? path : path + "?t=" + graceSeconds);
    }

    private static List<String> parameters(Events events, Scope scope) {
        List<String> parameters = moments(events.since(), events.until());
        parameters.add(
                filters(Map.of("type", List.of("container"), "label", scope.and(events.labels()))));
        return parameters;
    }

    private static List<String> parameters(Excerpt excerpt) {
        List<String> parameters = moments(excerpt.since(), excerpt.until());
        parameters.add("stdout=" + (excerpt.stdout() ? 1 : 0));
        parameters.add("stderr=" + (excerpt.stderr() ? 1 : 0));
        parameters.add("timestamps=" + (excerpt.timestamps() ? 1 : 0));
        parameters.add("follow=" + (excerpt.follow() ? 1 : 0));
        parameters.add("tail=" + (excerpt.lastLines() == null ? "all" : excerpt.lastLines()));
        return parameters;
    }

    private static List<String> moments(@Nullable String since, @Nullable String until) {
        List<String> moments = new ArrayList<>();
        if (since != null) {
            moments.add("since=" + since);
        }
        if (until != null) {
            moments.add("until=" + until);
        }
        return moments;
    }

    private static String filters(Map<String, List<String>> filters) {
        return "filters="
                + URLEncoder.encode(
                        LabelFilters.text(new TreeMap<>(filters)), StandardCharsets.UTF_8);
    }
}
