package dev.lepton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandLineTests {

    private static final String UNITS =
            """
            {"node":"local","units":[
              {"id":"postgres","service":"postgres","state":"UP","pid":41},
              {"id":"gateway","service":"gateway","state":"UP","address":"http://127.0.0.1:8080",
               "pid":42,"incarnation":null},
              {"id":"worker-1","service":"worker","state":"UP","address":"http://127.0.0.1:40001",
               "pid":43,"incarnation":7,"restarts":2,"reason":"first beat"},
              {"id":"worker-2","service":"worker","state":"DOWN","address":null,"pid":null,
               "incarnation":3,"reason":"it\\u001b[31m exited"}]}\
            """;

    private static final String VIEW =
            """
            {"unitId":"worker-1","service":"worker","startId":"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11",
             "incarnation":1,"state":"DRAINING","address":{"scheme":"http","host":"localhost","port":80},
             "beater":"self","weight":100,"labels":{},"since":"2026-11-22T10:15:30Z","reason":""}\
            """;

    @TempDir private Path folder;

    private final FakeSupervisor supervisor = new FakeSupervisor();
    private Path home;
    private Cli cli;

    @BeforeEach
    void aPlatformRuns() {
        home = folder.resolve(".lepton");
        cli = new Cli(folder, home, Path.of("/nonexistent/java"));
        supervisor.runsOn(home, ProcessHandle.current().pid());
        supervisor.answers("GET /v1/units", 200, UNITS);
    }

    @AfterEach
    void close() {
        supervisor.close();
    }

    static Stream<Arguments> badInput() {
        return Stream.of(
                bad(2, "Unmatched argument", "frobnicate"),
                bad(2, "Missing required subcommand"),
                bad(2, "Unknown option: '--frobnicate'", "units", "--frobnicate"),
                bad(2, "Unmatched argument", "units", "worker-1"),
                bad(2, "must be table or json", "units", "-o", "xml"),
                bad(2, "must be table or json", "units", "-o", ""),
                bad(2, "Missing required parameter", "units", "-o"),
                bad(2, "should be specified only once", "units", "-o", "json", "-o", "table"),
                bad(2, "Missing required parameter: 'UNIT'", "logs"),
                bad(2, "is not an int", "logs", "worker-1", "-n", "many"),
                bad(2, "must be from 1 to 100000", "logs", "worker-1", "-n", "0"),
                bad(2, "must be from 1 to 100000", "logs", "worker-1", "-n", "-5"),
                bad(2, "must be from 1 to 100000", "logs", "worker-1", "-n", "100001"),
                bad(2, "is not an int", "logs", "worker-1", "-n", "99999999999"),
                bad(2, "must be 1 to 128", "restart", "../etc/passwd"),
                bad(2, "must be 1 to 128", "restart", ""),
                bad(2, "must be 1 to 128", "restart", "x".repeat(129)),
                bad(2, "'worker?[31m?1' must be", "restart", "worker\u001b[31m\n1"),
                bad(2, "Unmatched argument", "restart", "worker-1", "worker-2"),
                bad(2, "Unmatched argument", "units", "a\nb\u0007c"),
                bad(2, "Unknown option", "drain", "--force", "worker-1"),
                bad(2, "Missing required parameter", "up", "--file"),
                bad(2, "Missing required parameter: 'SERVICE'", "drill"),
                bad(2, "service name", "drill", "Worker"),
                bad(2, "fault 'explode' must be kill or hang", "drill", "a", "--fault", "explode"),
                bad(2, "must be kill or hang", "drill", "worker", "--fault", ""),
                bad(2, "must be 1 to 128", "drill", "worker", "--unit", "../token"),
                bad(2, "--rounds 0 must be from 1 to 100", "drill", "worker", "--rounds", "0"),
                bad(2, "must be from 1 to 100", "drill", "worker", "--rounds", "101"),
                bad(2, "is not an int", "drill", "worker", "--rounds", "all"),
                bad(2, "must be a path such as", "drill", "worker", "--probe", "worker/hello"),
                bad(2, "must be a path such as", "drill", "worker", "--probe", "/a b"),
                bad(2, "must be a path such as", "drill", "worker", "--probe", "/a\u001b[31m"),
                bad(2, "must be a path such as", "drill", "worker", "--probe", "/%zz"),
                bad(2, "must be table or json", "drill", "worker", "-o", "xml"),
                bad(2, "Unmatched argument", "drill", "worker", "worker-1"),
                bad(1, "no unit of service 'nobody' is on this node", "drill", "nobody"),
                bad(1, "no unit here", "drill", "worker", "--unit", "worker-9"),
                bad(2, "of service 'gateway', not of", "drill", "worker", "--unit", "gateway"),
                bad(69, "start it with './lepton up'", "drill", "a", "--home", "/nonexistent"),
                bad(1, "no unit here; './lepton units'", "restart", "worker-9"),
                bad(1, "no unit here; './lepton units'", "logs", "worker-9"),
                bad(1, "no unit here", "drain", "worker-9"),
                bad(78, "no readable file", "up", "--file", "/nonexistent/lepton.yml"),
                bad(78, "no readable file", "up", "--file", "."),
                bad(69, "start it with './lepton up'", "units", "--home", "/nonexistent"),
                bad(69, "start it with './lepton up'", "logs", "a", "--home", "/nonexistent"),
                bad(69, "start it with './lepton up'", "restart", "a", "--home", "/nonexistent"),
                bad(69, "start it with './lepton up'", "drain", "a", "--home", "/nonexistent"),
                bad(69, "nothing runs", "down", "--home", "/nonexistent"));
    }

    @ParameterizedTest
    @MethodSource("badInput")
    void badInputIsOneClearLineAndItsExitCode(int code, String message, List<String> arguments) {
        Cli.Result result = cli.run(arguments.toArray(String[]::new));

        assertThat(result.err()).contains(message).startsWith("lepton: ").hasLineCount(1);
        assertThat(result.err().strip().chars()).noneMatch(Character::isISOControl);
        assertThat(result.code()).isEqualTo(code);
        assertThat(result.out()).isEmpty();
        assertThat(supervisor.calls()).doesNotContain("POST /v1/stop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "units",
                "restart worker-1",
                "logs worker-1",
                "drain worker-1",
                "drill worker --go"
            })
    void aTokenThatIsNotTheSupervisorsIsSaidSo(String command) throws IOException {
        Files.writeString(home.resolve("token"), "another-token-of-another-platform");

        Cli.Result result = cli.run(command.split(" ", -1));

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains("refuses the token in " + home.resolve("token"))
                .doesNotContain("another-token-of");
    }

    @Test
    void aMissingTokenIsSaidSo() throws IOException {
        Files.delete(home.resolve("token"));

        Cli.Result result = cli.run("units");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains(home.resolve("token").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{",
                "[]",
                "{\"pid\":1}",
                "{\"pid\":-1,\"url\":\"http://a\"}",
                "{\"pid\":1,\"url\":\"x\"}"
            })
    void aNoteThatCannotBeReadMeansThatNothingRuns(String note) throws IOException {
        Files.writeString(home.resolve("supervisor/supervisor.json"), note);

        assertThat(cli.run("units").code()).isEqualTo(69);
    }

    @Test
    void aSupervisorThatHasDiedIsSaidSo() {
        supervisor.runsOn(home, Integer.MAX_VALUE);

        Cli.Result result = cli.run("units");

        assertThat(result.code()).isEqualTo(69);
        assertThat(result.err()).contains("has died").contains("./lepton up");
    }

    @Test
    void aSupervisorThatDoesNotAnswerIsUnreachable() {
        supervisor.close();

        Cli.Result result = cli.run("units");

        assertThat(result.code()).isEqualTo(69);
        assertThat(result.err()).hasLineCount(1).contains("cannot be reached");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "{}",
                "{\"units\":{}}",
                "{\"units\":[{}]}",
                "{\"units\":[{\"id\":\"a\",\"service\":\"a\",\"state\":\"FINE\"}]}"
            })
    void anAnswerThatIsNoSupervisorsIsSaidSo(String answer) {
        supervisor.answers("GET /v1/units", 200, answer);

        Cli.Result result = cli.run("units");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).contains("not a supervisor of this version");
    }

    @Test
    void unitsAreOneTable() {
        Cli.Result result = cli.run("units");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines())
                .containsExactly(
                        "UNIT      STATE  ADDRESS                 PID",
                        "postgres  UP     -                       41",
                        "gateway   UP     http://127.0.0.1:8080   42",
                        "worker-1  UP     http://127.0.0.1:40001  43",
                        "worker-2  DOWN   -                       -");
    }

    @Test
    void unitsAsJsonHaveThePromisedMembersEachTimeAndTheOthersAsTheyAre() {
        Cli.Result result = cli.run("units", "-o", "json");

        assertThat(result.code()).isZero();
        JsonNode json = JsonMapper.builder().build().readTree(result.out());
        assertThat(json.propertyNames()).containsExactly("units");
        assertThat(json.get("units")).hasSize(4);
        for (JsonNode unit : json.get("units")) {
            assertThat(unit.propertyNames())
                    .startsWith("id", "service", "state", "address", "pid", "incarnation");
        }
        JsonNode worker = json.get("units").get(2);
        assertThat(worker.get("incarnation").asInt()).isEqualTo(7);
        assertThat(worker.get("restarts").asInt()).isEqualTo(2);
        assertThat(json.get("units").get(0).get("address").isNull()).isTrue();
        assertThat(result.out().chars().filter(c -> c != '\n')).noneMatch(Character::isISOControl);
    }

    @Test
    void logsAreHandedOnAsTheyAre() {
        supervisor.answers("GET /v1/units/worker-1/logs", 200, "eins\nzwei: Übung\n");

        Cli.Result result = cli.run("logs", "worker-1", "-n", "17");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo("eins\nzwei: Übung\n");
        assertThat(supervisor.calls())
                .containsExactly("GET /v1/units/worker-1/logs?lines=17&follow=false");
    }

    @Test
    void followedLogsAreAskedForAsAStream() {
        supervisor.answers("GET /v1/units/worker-1/logs", 200, "a\n");

        cli.run("logs", "worker-1", "-f");

        assertThat(supervisor.calls())
                .containsExactly("GET /v1/units/worker-1/logs?lines=200&follow=true");
    }

    @Test
    void restartIsAskedOfTheSupervisor() {
        supervisor.answers("POST /v1/units/worker-1/restart", 202, "");

        Cli.Result result = cli.run("restart", "worker-1");

        assertThat(result.code()).isZero();
        assertThat(supervisor.calls()).containsExactly("POST /v1/units/worker-1/restart");
    }

    @ParameterizedTest
    @ValueSource(strings = {"drain", "undrain"})
    void drainIsAskedOfTheRegistry(String verb) {
        supervisor.answers("POST /v1/units/worker-1/" + verb, 200, VIEW);

        Cli.Result result = cli.run(verb, "worker-1");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo("worker-1 is DRAINING\n");
        assertThat(supervisor.calls())
                .containsExactly("GET /v1/node", "POST /v1/units/worker-1/" + verb);
    }

    @Test
    void whatTheRegistryDoesNotAllowIsSaidSo() {
        supervisor.answers(
                "POST /v1/units/worker-1/drain",
                409,
                "{\"code\":\"not-allowed\",\"detail\":\"DOWN cannot be drained\"}");

        Cli.Result result = cli.run("drain", "worker-1");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).contains("DOWN cannot be drained");
    }

    @Test
    void aRegistryThatIsAwayIsUnreachable() {
        supervisor.answers(
                "GET /v1/node", 200, "{\"ready\":true,\"registryUrls\":[\"http://127.0.0.1:1\"]}");

        Cli.Result result = cli.run("drain", "worker-1");

        assertThat(result.code()).isEqualTo(69);
        assertThat(result.err()).hasLineCount(1).contains("no registry answers");
    }

    @Test
    void aPlatformWithoutRegistryIsSaidSo() {
        supervisor.answers("GET /v1/node", 200, "{\"ready\":true}");

        Cli.Result result = cli.run("drain", "worker-1");

        assertThat(result.code()).isEqualTo(78);
        assertThat(result.err()).contains("no registry");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "up", "down", "units", "logs", "restart", "drain", "undrain", "drill"})
    void helpHasTheExitCodesAndNoColours(String command) {
        Cli.Result result = command.isEmpty() ? cli.run("--help") : cli.run(command, "--help");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("Usage: lepton " + command)
                .containsPattern("(?m)^ +69 +nothing runs here")
                .containsPattern("(?m)^ +75 +another")
                .containsPattern("(?m)^ +78 +")
                .doesNotContain("\u001b");
    }

    @Test
    void theVersionIsPrinted() {
        Cli.Result result = cli.run("--version");

        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("lepton ");
    }

    private static Arguments bad(int code, String message, String... arguments) {
        return Arguments.of(code, message, List.of(arguments));
    }
}
