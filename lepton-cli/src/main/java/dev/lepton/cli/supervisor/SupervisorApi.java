package dev.lepton.cli.supervisor;

import dev.lepton.cli.home.Home;
import dev.lepton.cli.home.SupervisorNote;
import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.rest.RegistryHttp;
import dev.lepton.client.unit.UnitId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the supervisor that runs on a folder; each failure says what to do about it. */
public final class SupervisorApi implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    /** An order is only taken, not carried out, before it is answered. */
    private static final Duration ORDER = Duration.ofSeconds(5);

    /** It waits for a registry, at all of its URLs. */
    private static final Duration DRILL = Duration.ofSeconds(30);

    private static final long LARGEST_ANSWER_BYTES = 16L << 20;
    private static final int CHUNK_BYTES = 8192;

    private final URI url;
    private final Home home;
    private final BearerToken token;
    private final HttpClient http = RegistryHttp.client("lepton-cli", CONNECT);
    private final JsonMapper json = ProtocolJson.lenient();

    public SupervisorApi(URI url, Home home) {
        this.url = url;
        this.home = home;
        this.token = home.token();
    }

    /**
     * @throws CommandFailed with {@link ExitCode#NOTHING_RUNS} when no supervisor runs there
     */
    public static SupervisorApi of(Home home) {
        SupervisorNote note =
                SupervisorNote.read(home)
                        .orElseThrow(() ->
                                new CommandFailed(
                                        ExitCode.NOTHING_RUNS,
                                        "nothing runs on %s: start it with './lepton up'"
                                                .formatted(home.folder())));
        if (note.process().isEmpty()) {
            throw new CommandFailed(
                    ExitCode.NOTHING_RUNS,
                    ("the supervisor of %s (pid %d) has died; './lepton up' takes over what it"
                                    + " left running, './lepton down' ends it")
                            .formatted(home.folder(), note.pid()));
        }
        return new SupervisorApi(note.url(), home);
    }

    public NodeStatus node() {
        return json.treeToValue(tree("/v1/node"), NodeStatus.class);
    }

    public List<UnitRow> units() {
        List<UnitRow> rows = new ArrayList<>();
        for (JsonNode unit : unitsJson()) {
            try {
                rows.add(UnitRow.of(unit));
            } catch (IllegalArgumentException e) {
                throw notTheProtocol("/v1/units", e);
            }
        }
        return rows;
    }

    /** The array of units as the supervisor says it. */
    public JsonNode unitsJson() {
        JsonNode units = tree("/v1/units").path("units");
        if (!units.isArray()) {
            throw notTheProtocol("/v1/units", null);
        }
        return units;
    }

    public void restart(UnitId unit) {
        send(order(path(unit) + "/restart"));
    }

    /** Asks for a drill, or whether there could be one. */
    public DrillReply drill(UnitId unit, DrillOrder order) {
        String path = path(unit) + "/drill";
        HttpResponse<byte[]> response =
                exchange(
                        request(path)
                                .timeout(DRILL)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(order)))
                                .build(),
                        BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER_BYTES));
        if (response.statusCode() != 200 && response.statusCode() != 409) {
            throw refused(path, response.statusCode(), response.body());
        }
        try {
            DrillReply reply = json.readValue(response.body(), DrillReply.class);
            if (response.statusCode() == 200 || reply.detail() != null) {
                return reply;
            }
            throw notTheProtocol(path, null);
        } catch (JacksonException e) {
            throw notTheProtocol(path, e);
        }
    }

    /** Asks for an ordered end of everything; does not wait for it. */
    public void stop() {
        send(order("/v1/stop"));
    }

    /**
     * Copies the end of a unit's log, and with {@code follow} what is added to it until the
     * supervisor ends.
     */
    public void copyLogs(UnitId unit, int lines, boolean follow, OutputStream to)
            throws IOException {
        String path = path(unit) + "/logs?lines=" + lines + "&follow=" + follow;
        HttpResponse<InputStream> response =
                exchange(request(path).build(), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw refused(path(unit), response.statusCode(), body.readNBytes(CHUNK_BYTES));
            }
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
                to.write(chunk, 0, n);
                to.flush();
            }
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private JsonNode tree(String path) {
        byte[] body = send(request(path).timeout(ANSWER).build());
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            throw notTheProtocol(path, e);
        }
    }

    private byte[] send(HttpRequest request) {
        HttpResponse<byte[]> response =
                exchange(
                        request,
                        BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER_BYTES));
        if (response.statusCode() / 100 != 2) {
            throw refused(request.uri().getPath(), response.statusCode(), response.body());
        }
        return response.body();
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.NOTHING_RUNS,
                    "the supervisor at %s cannot be reached (%s); its log is %s"
                            .formatted(url, reason(e), home.supervisorLog()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.FAILED, "interrupted", e);
        }
    }

    private HttpRequest order(String path) {
        return request(path).timeout(ORDER).POST(BodyPublishers.noBody()).build();
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create(url + pathAndQuery))
                .header("Authorization", token.header())
                .header("Accept", "application/json, text/plain, application/problem+json");
    }

    private CommandFailed refused(String path, int status, byte[] body) {
        if (status == 401) {
            return new CommandFailed(
                    ExitCode.FAILED,
                    "the supervisor at %s refuses the token in %s: it was started with another one"
                            .formatted(url, home.tokenFile()));
        }
        String detail = detail(body);
        if (status == 404) {
            return new CommandFailed(
                    ExitCode.FAILED,
                    (detail.isEmpty() ? "there is nothing at " + path : detail)
                            + "; './lepton units' lists the units");
        }
        return new CommandFailed(
                ExitCode.FAILED,
                "the supervisor answered %d%s"
                        .formatted(status, detail.isEmpty() ? "" : ": " + detail));
    }

    private String detail(byte[] problem) {
        try {
            return json.readTree(problem).path("detail").asString("");
        } catch (JacksonException e) {
            // Not a problem document: the status has to do.
            return "";
        }
    }

    private CommandFailed notTheProtocol(String path, @Nullable Throwable cause) {
        return new CommandFailed(
                ExitCode.FAILED,
                "what answers at %s%s is not a supervisor of this version".formatted(url, path),
                cause);
    }

    private static String path(UnitId unit) {
        return "/v1/units/" + URLEncoder.encode(unit.value(), StandardCharsets.UTF_8);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
