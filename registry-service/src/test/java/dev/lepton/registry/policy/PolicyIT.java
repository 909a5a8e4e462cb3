package dev.lepton.registry.policy;

import static dev.lepton.registry.support.RestUnit.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.support.TestPostgres;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The doors of policies, over HTTP. */
class PolicyIT {

    private static final JsonMapper JSON = ProtocolJson.lenient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;

    private final String service = "s-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(database);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void policyIsKeptWithAllItsVersions() {
        assertThat(code(get(""))).isEqualTo("no-policy");
        assertThat(get("").statusCode()).isEqualTo(404);

        assertThat(version(put("{'policy':{'intensity':2},'author':'ann','reason':'calm'}")))
                .isEqualTo(1);
        assertThat(version(put("{'policy':{'type':'transient'},'expectedVersion':1}")))
                .isEqualTo(2);
        assertThat(version(put("{'policy':{'period':'PT90S','maxUnavailable':2}}"))).isEqualTo(3);

        JsonNode current = JSON.readTree(get("").body());
        assertThat(current.get("service").asString()).isEqualTo(service);
        assertThat(current.get("policy").toString())
                .isEqualTo("{\"period\":\"PT1M30S\",\"maxUnavailable\":2}");
        assertThat(versions("/history")).containsExactly(3L, 2L, 1L);
        assertThat(versions("/history?page=1&size=2")).containsExactly(1L);
        JsonNode first = JSON.readTree(get("/history?page=1&size=2").body());
        assertThat(first.get("total").asInt()).isEqualTo(3);
        assertThat(first.get("versions").get(0).get("author").asString()).isEqualTo("ann");
        assertThat(first.get("versions").get(0).get("reason").asString()).isEqualTo("calm");
        assertThat(JSON.readTree(get("/history?page=1000000&size=1000").body()).get("versions"))
                .isEmpty();
    }

    @Test
    void historyOfAServiceWithoutAPolicyIsEmpty() {
        assertThat(versions("/history")).isEmpty();
    }

    @Test
    void everyComponentOfAPolicyIsReadAsItWasWritten() {
        String policy =
                """
                {"type":"permanent","strategy":"rest-for-one","intensity":5,"period":"PT1M",\
                "longIntensity":20,"longPeriod":"PT6H","firstDelay":"PT0.5S","maxDelay":"PT30S",\
                "resetAfter":"PT10M","startDeadline":"PT2M","startConcurrency":2,\
                "exitCodesNotRetried":[78],"maxUnavailable":3,"probation":"PT15M","exclusive":true}\
                """;

        put("{'policy':" + policy + "}");

        assertThat(JSON.readTree(get("").body()).get("policy").toString()).isEqualTo(policy);
    }

    @Test
    void changeThatChangesNothingAnswersTheStoredVersion() {
        put("{'policy':{'intensity':2},'author':'ann'}");

        HttpResponse<String> again = put("{'policy':{'intensity':2},'author':'bob'}");

        assertThat(version(again)).isEqualTo(1);
        assertThat(JSON.readTree(again.body()).get("author").asString()).isEqualTo("ann");
        assertThat(versions("/history")).containsExactly(1L);
    }

    @Test
    void changeOnAnotherVersionIsStale() {
        put("{'policy':{'intensity':2}}");

        HttpResponse<String> stale = put("{'policy':{'intensity':3},'expectedVersion':0}");

        assertThat(stale.statusCode()).isEqualTo(409);
        assertThat(code(stale)).isEqualTo("stale-version");
        assertThat(versions("/history")).containsExactly(1L);
    }

    @Test
    void changesThatRaceAreStoredOneAfterTheOther() {
        List<HttpResponse<String>> answers =
                atOnce(8, i -> "{'policy':{'intensity':" + (i + 1) + "}}");

        assertThat(answers.stream().filter(a -> a.statusCode() == 200).map(PolicyIT::version))
                .containsExactlyInAnyOrderElementsOf(versions("/history"))
                .doesNotHaveDuplicates();
        assertThat(answers.stream().filter(a -> a.statusCode() != 200))
                .allSatisfy(a -> assertThat(code(a)).isEqualTo("busy"));
        assertThat(versions("/history").reversed())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, versions("/history").size()).boxed().toList());
    }

    @Test
    void oneOfTheChangesOnTheSameVersionIsStoredAndTheOthersAreStale() {
        List<HttpResponse<String>> answers =
                atOnce(8, i -> "{'policy':{'intensity':" + (i + 1) + "},'expectedVersion':0}");

        assertThat(answers).filteredOn(a -> a.statusCode() == 200).hasSize(1);
        assertThat(answers)
                .filteredOn(a -> a.statusCode() != 200)
                .allSatisfy(a -> assertThat(code(a)).isEqualTo("stale-version"));
        assertThat(versions("/history")).containsExactly(1L);
    }

    @Test
    void currentPoliciesOfAllServicesAreListedByName() {
        put("{'policy':{'intensity':2}}");
        put("{'policy':{'intensity':3}}");
        registry.send(
                "PUT", "/v1/services/" + service + "-2/policy", "{\"policy\":{\"intensity\":4}}");

        List<String> listed =
                JSON.readTree(registry.get("/v1/policies").body())
                        .get("policies")
                        .valueStream()
                        .filter(p -> p.get("service").asString().startsWith(service))
                        .map(p -> p.get("service").asString() + " " + p.get("version"))
                        .toList();

        assertThat(listed).containsExactly(service + " 2", service + "-2 1");
    }

    @Test
    void othersLearnOfAChangeByTheSumOfTheVersions() {
        Policies policies = registry.bean(Policies.class);
        ServiceName name = new ServiceName(service);
        put("{'policy':{'intensity':2}}");
        await().atMost(PATIENCE).until(() -> version(policies.current(name)) == 1);
        long before = policies.versionSum();

        put("{'policy':{'intensity':3}}");

        await().atMost(PATIENCE).until(() -> version(policies.current(name)) == 2);
        assertThat(policies.versionSum()).isEqualTo(before + 1);
        assertThat(policies.current(new ServiceName(service + "-none"))).isNull();
    }

    static Stream<Arguments> badInput() {
        return Stream.of(
                bad("", "the body is missing"),
                bad("{}", "'policy' is missing"),
                bad("{'policy':null}", "'policy' is missing"),
                bad("{'policy':[]}", "'policy' must be an object"),
                bad("{'policy':{'colour':'red'}}", "unknown field 'policy.colour'"),
                bad("{'policy':{},'colour':'red'}", "unknown field 'colour'"),
                bad("{'policy':{'exclusive':'true'}}", "'policy.exclusive' must be"),
                bad("{'policy':{'exclusive':1}}", "'policy.exclusive' must be"),
                bad("{'policy':{'exclusiv':true}}", "unknown field 'policy.exclusiv'"),
                bad("{'policy':{'intensity':-1}}", "policy: intensity -1 must be from 0 to 100"),
                bad("{'policy':{'intensity':'2'}}", "'policy.intensity' must be"),
                bad("{'policy':{'type':'sometimes'}}", "'policy.type' must be one of permanent"),
                bad("{'policy':{'period':'soon'}}", "'policy.period' must be a duration"),
                bad("{'policy':{'period':'PT2H'}}", "period PT2H must be from PT1S to PT1H"),
                bad(
                        "{'policy':{'period':'PT1M','longPeriod':'PT1M'}}",
                        "longPeriod PT1M must be longer than period PT1M"),
                bad("{'policy':{'exitCodesNotRetried':[256]}}", "exitCodesNotRetried 256 must be"),
                bad("{'policy':{'exitCodesNotRetried':[null]}}", "policy"),
                bad("{'policy':{},'expectedVersion':-1}", "expectedVersion -1 must not be"),
                bad("{'policy':{},'author':'a\\u0000b'}", "'author' must not contain control"),
                bad("{'policy':{},'reason':'" + "x".repeat(501) + "'}", "the limit is 500"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badInput")
    void badInputIsRefusedInWordsAndNothingIsStored(String body, String words) {
        HttpResponse<String> answer = put(body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(code(answer)).isEqualTo("invalid");
        assertThat(JSON.readTree(answer.body()).get("detail").asString()).contains(words);
        assertThat(versions("/history")).isEmpty();
    }

    static Stream<String> badPaths() {
        return Stream.of(
                "/v1/services/Upper/policy",
                "/v1/services/a%0Ab/policy",
                "/v1/services/worker/policy/history?page=-1",
                "/v1/services/worker/policy/history?page=1000001",
                "/v1/services/worker/policy/history?size=0",
                "/v1/services/worker/policy/history?size=1001",
                "/v1/services/worker/policy/history?size=many");
    }

    @ParameterizedTest
    @MethodSource("badPaths")
    void badPathIsRefused(String path) {
        HttpResponse<String> answer = registry.get(path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(code(answer)).isEqualTo("invalid");
    }

    @Test
    void withoutPostgresNothingIsAnsweredButWhatOthersAskInMemory() {
        put("{'policy':{'intensity':2}}");
        Policies policies = registry.bean(Policies.class);
        ServiceName name = new ServiceName(service);
        await().atMost(PATIENCE).until(() -> policies.current(name) != null);
        String database = PolicyIT.database.url().replaceFirst(".*/", "");
        TestPostgres.shared()
                .execute(
                        "ALTER DATABASE " + database + " WITH ALLOW_CONNECTIONS false",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                                + database
                                + "'");
        try {
            assertAway(get(""));
            assertAway(get("/history"));
            assertAway(put("{'policy':{'intensity':3}}"));
            assertAway(registry.get("/v1/policies"));
            assertThat(policies.current(name)).isNotNull();
        } finally {
            TestPostgres.shared()
                    .execute("ALTER DATABASE " + database + " WITH ALLOW_CONNECTIONS true");
        }
        await().atMost(PATIENCE).until(() -> get("").statusCode() == 200);
    }

    private static void assertAway(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(code(answer)).isEqualTo("database-away");
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    }

    private List<HttpResponse<String>> atOnce(int count, IntFunction<String> body) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return IntStream.range(0, count)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> put(body.apply(i)), threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        }
    }

    private static Arguments bad(String body, String words) {
        return Arguments.of(body, words);
    }

    private HttpResponse<String> get(String rest) {
        return registry.get("/v1/services/" + service + "/policy" + rest);
    }

    private HttpResponse<String> put(String body) {
        String json = body.replaceAll("'", "\"");
        return registry.send("PUT", "/v1/services/" + service + "/policy", json);
    }

    private static long version(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).get("version").asLong();
    }

    private static long version(@Nullable StoredPolicy policy) {
        return policy == null ? 0 : policy.version();
    }

    private List<Long> versions(String rest) {
        HttpResponse<String> answer = get(rest);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body())
                .get("versions")
                .valueStream()
                .map(v -> v.get("version").asLong())
                .toList();
    }
}
