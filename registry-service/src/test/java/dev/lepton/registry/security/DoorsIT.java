package dev.lepton.registry.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RunningRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the running registry answers to those who have no token, and to input that is wrong. */
class DoorsIT {

    @RegisterExtension static final FreshDatabase database = FreshDatabase.empty();

    private static final JsonMapper JSON = JsonMapper.shared();

    private static RunningRegistry registry;

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(database);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/units",
        "GET, /v1/units/worker-1",
        "GET, /v1/services",
        "GET, /v1/events",
        "GET, /v1/watch",
        "GET, /v1/units/worker-1/desired",
        "PUT, /v1/units/worker-1/desired",
        "POST, /v1/units",
        "POST, /v1/heartbeats",
        "PUT, /v1/units/worker-1/heartbeat",
        "POST, /v1/units/worker-1/drain",
        "POST, /v1/units/worker-1/undrain",
        "POST, /v1/units/worker-1/exit",
        "DELETE, /v1/units/worker-1",
        "GET, /v1/policies",
        "GET, /v1/services/worker/policy",
        "PUT, /v1/services/worker/policy",
        "GET, /v1/services/worker/policy/history",
        "POST, /v1/units/worker-1/permit",
        "DELETE, /v1/units/worker-1/permit",
        "GET, /v1/incidents",
        "GET, /v1/incidents/1",
        "PUT, /v1/units/worker-1/incidents/0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11",
        "OPTIONS, /v1/units",
        "HEAD, /v1/units",
        "TRACE, /v1/units",
        "GET, /v1",
        "GET, /v1/",
        "GET, /V1/units",
        "GET, /v1/nowhere",
        // Other spellings of /v1/units, for a server that is generous in reading them.
        "GET, /v1;x/units",
        "GET, /v1;x=1/units;y",
        "GET, /;x/v1/units",
        "GET, //v1/units",
        "GET, /v1//units",
        "GET, /%761/units",
        "GET, /v%31/units",
        "GET, /%76%31/units",
        "GET, /%2576%2531/units",
        "GET, /./v1/units",
        "GET, /x/../v1/units",
        "GET, /x/%2e%2e/v1/units",
        "GET, /v3/../v1/units",
        "GET, /v3/api-docs/../../v1/units",
        "GET, /v3/api-docs;/../../v1/units",
        "GET, /v3/api-docs/..;/..;/v1/units",
        "GET, /v1%2funits",
        "GET, /%2fv1/units",
        "GET, /v1/units?token=x",
        "GET, /v1/units#x",
        "GET, http://elsewhere/v1/units",
    })
    void withoutTheTokenNothingIsAnswered(String method, String target) throws IOException {
        String answer = raw(method + " " + target + " HTTP/1.1\r\n");

        assertThat(answer).doesNotContain("\"units\"").doesNotStartWith("HTTP/1.1 2");
        assertThat(answer).matches("(?s)HTTP/1.1 (401|400|405) .*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer wrong",
                "Basic dXNlcjpwYXNz",
                "TOKEN",
                "Bearer TOKENx",
                "Bearer TOKE",
                "Bearer  x TOKEN",
                "Token TOKEN",
            })
    void aWrongTokenIsA401Problem(String header) throws Exception {
        String sent =
                header.replace("TOKEN", registry.token())
                        .replace("TOKE", registry.token().substring(1));

        String answer = raw("GET /v1/units HTTP/1.1\r\nAuthorization: " + sent + "\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 401 ")
                .containsIgnoringCase("WWW-Authenticate: Bearer")
                .contains("application/problem+json")
                .contains("\"code\":\"unauthorized\"")
                .doesNotContain(registry.token());
    }

    @Test
    void theTokenOpensEverySpellingThatIsReadAsThePath() throws IOException {
        String authorized = "Authorization: bearer " + registry.token() + "\r\n";

        assertThat(raw("GET /v1/units HTTP/1.1\r\n" + authorized)).startsWith("HTTP/1.1 200");
        // So that the refusals above are the filter's doing and not a 404 of the server's.
        assertThat(raw("GET /%761/units HTTP/1.1\r\n" + authorized)).startsWith("HTTP/1.1 200");
        assertThat(raw("GET /v1;x/units HTTP/1.1\r\n" + authorized)).startsWith("HTTP/1.1 200");
    }

    @Test
    void theDescriptionIsOpenAndNothingElseIsThere() throws IOException {
        assertThat(raw("GET /v3/api-docs HTTP/1.1\r\n")).startsWith("HTTP/1.1 200");
        assertThat(raw("GET /nowhere HTTP/1.1\r\n"))
                .startsWith("HTTP/1.1 404")
                .contains("\"code\":\"not-found\"");
        assertThat(raw("GET /error HTTP/1.1\r\n")).startsWith("HTTP/1.1 404");
        assertThat(raw("GET /actuator/health HTTP/1.1\r\n")).startsWith("HTTP/1.1 404");
    }

    @Test
    void theTokenFileIsForItsOwnerAlone() throws IOException {
        assertThat(Files.getPosixFilePermissions(registry.tokenFile()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(registry.token()).matches("[A-Za-z0-9_-]{43}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    POST   | /v1/units                     | {                     | 400 | invalid
                    POST   | /v1/units                     | ``                    | 400 | invalid
                    POST   | /v1/units                     | {"colour":1}          | 400 | invalid
                    POST   | /v1/units                     | []                    | 400 | invalid
                    POST   | /v1/heartbeats                | {"beats":[]}          | 400 | invalid
                    POST   | /v1/heartbeats                | {"beats":[null]}      | 400 | invalid
                    PUT    | /v1/units/worker-1/heartbeat  | {"seq":-1}            | 400 | invalid
                    PUT    | /v1/units/worker-1/heartbeat  | {"seq":"1"}           | 400 | invalid
                    POST   | /v1/units/worker-1/exit       | {"exitCode":1}        | 400 | invalid
                    POST   | /v1/units/worker-1/drain      | {"force":true}        | 400 | invalid
                    PUT    | /v1/units/worker-1/desired    | {"run":"fast"}        | 400 | invalid
                    GET    | /v1/units?size=0              | ``                    | 400 | invalid
                    GET    | /v1/units?size=1001           | ``                    | 400 | invalid
                    GET    | /v1/units?size=many           | ``                    | 400 | invalid
                    GET    | /v1/units?page=-1             | ``                    | 400 | invalid
                    GET    | /v1/units?state=ILL           | ``                    | 400 | invalid
                    GET    | /v1/units?label=novalue       | ``                    | 400 | invalid
                    GET    | /v1/units?service=a%00b       | ``                    | 400 | invalid
                    GET    | /v1/units/a%0Ab               | ``                    | 400 | invalid
                    GET    | /v1/units/nobody              | ``                    | 404 | not-registered
                    GET    | /v1/watch?since=yesterday     | ``                    | 400 | invalid
                    DELETE | /v1/units/worker-1?startId=x  | ``                    | 400 | invalid
                    GET    | /v1/nowhere                   | ``                    | 404 | not-found
                    PATCH  | /v1/units                     | {}                    | 405 | method-not-allowed
                    """)
    void wrongInputIsAProblemWithItsCode(
            String method, String path, String body, int status, String code) throws Exception {
        HttpResponse<String> answer = registry.send(method, path, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertProblem(answer, status, code);
    }

    @Test
    void anotherMediaTypeIsRefused() throws Exception {
        HttpResponse<String> answer =
                registry.send(
                        registry.request("/v1/units")
                                .POST(BodyPublishers.ofString("a=b"))
                                .header("Content-Type", "application/x-www-form-urlencoded"));

        assertProblem(answer, 415, "unsupported-media-type");
    }

    @Test
    void aBodyAboveTheLimitIsRefusedByItsLength() throws Exception {
        assertProblem(registry.send("POST", "/v1/units", text(10 << 20)), 413, "too-large");
        assertProblem(registry.send("POST", "/v1/units", text((256 << 10) + 1)), 413, "too-large");
        assertProblem(registry.send("POST", "/v1/units", text(256 << 10)), 400, "invalid");
        assertProblem(
                registry.send("POST", "/v1/heartbeats", text((1 << 20) + 1)), 413, "too-large");
        assertProblem(registry.send("POST", "/v1/heartbeats", text(1 << 20)), 400, "invalid");
    }

    @Test
    void onlyTheReportOfAnIncidentMayBeAsLongAsABlackBox() throws Exception {
        String report = "/v1/units/worker-1/incidents/0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11";

        assertProblem(registry.send("PUT", report, text(1 << 20)), 400, "invalid");
        assertProblem(registry.send("PUT", report, text((1 << 20) + 1)), 413, "too-large");
        assertProblem(registry.send("POST", report, text((256 << 10) + 1)), 413, "too-large");
        assertProblem(
                registry.send("PUT", report + "/more", text((256 << 10) + 1)), 413, "too-large");
        assertProblem(
                registry.send("PUT", "/v1/units/worker-1/desired", text((256 << 10) + 1)),
                413,
                "too-large");
        assertProblem(
                registry.send("PUT", "/v1/services/incidents/policy", text((256 << 10) + 1)),
                413,
                "too-large");
    }

    @Test
    void aBodyAboveTheLimitIsRefusedWhenItsLengthIsNotKnown() throws Exception {
        assertProblem(chunked("/v1/units", array((256 << 10) + 10)), 413, "too-large");
        assertProblem(chunked("/v1/units", array(200 << 10)), 400, "invalid");
        assertProblem(chunked("/v1/heartbeats", array((1 << 20) + 10)), 413, "too-large");
    }

    @Test
    void afterARefusalTheRegistryStillServes() {
        registry.send("POST", "/v1/units", text(10 << 20));

        assertThat(registry.get("/v1/units").statusCode()).isEqualTo(200);
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code)
            throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.get("code").asString()).isEqualTo(code);
        assertThat(problem.get("type").asString()).isEqualTo("urn:lepton:problem:" + code);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(answer.body())
                .doesNotContain("Exception", "dev.lepton", "tools.jackson", "\tat ");
    }

    private static HttpResponse<String> chunked(String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        HttpRequest.Builder request =
                registry.request(path)
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
                        .header("Content-Type", "application/json");
        return registry.send(request);
    }

    /** A JSON text of exactly this length. */
    private static String text(int length) {
        return "\"" + "x".repeat(length - 2) + "\"";
    }

    /** JSON that has to be read to its end to be known as wrong. */
    private static String array(int length) {
        return "{\"beats\":[" + " ".repeat(length - 12) + "]}";
    }

    private static String raw(String head) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(
                    (head + "Host: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
