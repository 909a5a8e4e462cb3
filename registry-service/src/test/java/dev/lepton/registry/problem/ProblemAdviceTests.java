package dev.lepton.registry.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;

import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Profile;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.stereotype.Controller;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.RequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProblemAdviceTests {

    private static final String START = "0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11";
    private static final String GOOD =
            """
            {"unitId":"worker-1","startId":"%s","service":"worker","address":{"host":"127.0.0.1","port":9000}}\
            """
                    .formatted(START);

    private static final JsonMapper JSON = strictMapper();

    private final Doors doors = new Doors();
    private final MockMvc mvc =
            MockMvcBuilders.standaloneSetup(doors)
                    .setControllerAdvice(new ProblemAdvice())
                    .setMessageConverters(new JacksonJsonHttpMessageConverter(JSON))
                    .build();

    @Test
    void aGoodRegistrationPasses() {
        assertThat(register(GOOD).getStatus()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"unitId":                                      | the body is not valid JSON at line 1, column
                    not json                                        | the body is not valid JSON at line 1, column
                    ``                                              | the body is missing
                    null                                            | the body is missing
                    []                                              | the body must be an object
                    "text"                                          | the body must be an object
                    7                                               | the body must be an object
                    GOOD{}                                          | the body holds more than one JSON value
                    +"colour":1                                     | unknown field 'colour'
                    +"address":{"host":"h","port":1,"colour":1}     | unknown field 'address.colour'
                    +"weight":"5"                                   | 'weight' must be a whole number
                    +"weight":1.5                                   | 'weight' must be a whole number
                    +"weight":99999999999                           | 'weight' must be a whole number
                    +"weight":-5                                    | weight -5 must be from 1 to 1000
                    +"zone":7                                       | 'zone' must be a string
                    +"beater":"sometimes"                           | 'beater' must be one of self, node
                    +"beater":1                                     | 'beater' must be one of self, node
                    +"pid":-1                                       | pid -1 must be positive
                    +"labels":[]                                    | 'labels' must be an object
                    +"labels":{"a":1}                               | 'labels.a' must be a string
                    +"address":{"host":"h"}                         | 'address.port'
                    +"address":{"host":"h","port":70000}            | address port 70000 must be from 1 to 65535
                    +"unitId":"a b"                                 | unit id 'a b' must be 1 to 128 letters
                    +"unitId":{}                                    | 'unitId'
                    +"startId":"x"                                  | start id must be a UUID
                    {"service":"worker"}                            | 'unitId' is missing
                    """)
    void aWrongBodyIsRefusedWithFieldAndRule(String body, String expected) throws Exception {
        String sent =
                body.startsWith("+")
                        ? GOOD.substring(0, GOOD.length() - 1) + "," + body.substring(1) + "}"
                        : body.replace("GOOD", GOOD);

        JsonNode problem = problem(register(sent), 400);

        assertThat(problem.get("code").asString()).isEqualTo("invalid");
        assertThat(problem.get("type").asString()).isEqualTo("urn:lepton:problem:invalid");
        assertThat(problem.get("detail").asString()).contains(expected);
        assertThat(problem.toString()).doesNotContain("dev.lepton", "jackson", "java.");
    }

    @Test
    void aFaultInABatchNamesItsPlace() throws Exception {
        JsonNode problem =
                problem(
                        answer(
                                post("/batch")
                                        .contentType(MediaType.APPLICATION_JSON)
                                        .content(
                                                """
                                                {"beats":[{"unitId":"a","heartbeat":{"startId":"%s","seq":"x"}}]}\
                                                """
                                                        .formatted(START))),
                        400);

        assertThat(problem.get("detail").asString())
                .startsWith("'beats[0].heartbeat.seq' must be a whole number");
    }

    @Test
    void deepNestingIsRefused() throws Exception {
        JsonNode problem =
                problem(register("{\"labels\":" + "[".repeat(5000) + "]".repeat(5000) + "}"), 400);

        assertThat(problem.get("code").asString()).isEqualTo("invalid");
    }

    @Test
    void controlCharactersAreNotEchoed() throws Exception {
        String body = register("{\"unitId\":\"a\\u0007\\u001b[31m\\u202e\"}").getContentAsString();
        String unknown = register("{\"\\u001b[2J\\n\":1}").getContentAsString();

        assertThat(body + unknown).doesNotContain("\\u00", "\u0007", "\u001b", "\\n", "\u202e");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    /things/a?page=x          | 'page' must be a whole number
                    /things/a?page=99999999999| 'page' must be a whole number
                    /things/a?page=1&state=ILL | 'state' must be one of STARTING
                    /things/a                 | the parameter 'page' is missing
                    /things/a!b?page=1        | unit id 'a!b' must be
                    """)
    void aWrongPathOrQueryIsRefusedWithItsRule(String path, String expected) throws Exception {
        JsonNode problem = problem(answer(get(path)), 400);

        assertThat(problem.get("code").asString()).isEqualTo("invalid");
        assertThat(problem.get("detail").asString()).contains(expected);
    }

    @Test
    void otherRefusalsHaveTheirCodes() throws Exception {
        assertThat(code(answer(put("/register")), 405)).isEqualTo("method-not-allowed");
        assertThat(answer(put("/register")).getHeader("Allow")).isEqualTo("POST");
        assertThat(code(answer(get("/nowhere")), 404)).isEqualTo("not-found");
        assertThat(
                        code(
                                answer(
                                        post("/register")
                                                .contentType(MediaType.TEXT_PLAIN)
                                                .content("x")),
                                415))
                .isEqualTo("unsupported-media-type");
        assertThat(code(answer(get("/things/a?page=1").accept(MediaType.IMAGE_PNG)), 406))
                .isEqualTo("not-acceptable");
    }

    @Test
    void aRefusalCarriesStatusCodeAndRetryAfterRoundedUp() throws Exception {
        doors.failure = new Refusal();

        MockHttpServletResponse response = answer(get("/failing").accept("text/event-stream"));

        assertThat(code(response, 409)).isEqualTo("in-use");
        assertThat(response.getHeader("Retry-After")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "57P03", "53300", "25006", "55P03"})
    void aDatabaseThatIsAwayIsSaidSo(String state) throws Exception {
        doors.failure = new IllegalStateException(new SQLException("secret host", state));

        MockHttpServletResponse response = answer(get("/failing"));

        assertThat(code(response, 503)).isEqualTo("database-away");
        assertThat(response.getHeader("Retry-After")).isEqualTo("1");
        assertThat(response.getContentAsString()).doesNotContain("secret host");
    }

    @Test
    void anExhaustedPoolIsADatabaseAway() throws Exception {
        doors.failure =
                new CannotGetJdbcConnectionException(
                        "no", new SQLTransientConnectionException("timed out"));

        assertThat(code(answer(get("/failing")), 503)).isEqualTo("database-away");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUnexpectedFailureLeaksNothing(boolean ofDatabase) throws Exception {
        doors.failure =
                ofDatabase
                        ? new DataIntegrityViolationException(
                                "secret", new SQLException("secret SQL", "23505"))
                        : new IllegalArgumentException("secret");

        MockHttpServletResponse response = answer(get("/failing"));

        assertThat(code(response, 500)).isEqualTo("internal");
        assertThat(response.getContentAsString()).doesNotContain("secret", "Exception");
    }

    private MockHttpServletResponse register(String body) {
        return answer(post("/register").contentType(MediaType.APPLICATION_JSON).content(body));
    }

    private MockHttpServletResponse answer(RequestBuilder request) {
        try {
            return mvc.perform(request).andReturn().getResponse();
        } catch (Exception e) {
            throw new AssertionError("not handled", e);
        }
    }

    private static String code(MockHttpServletResponse response, int status) throws Exception {
        return problem(response, status).get("code").asString();
    }

    private static JsonNode problem(MockHttpServletResponse response, int status) throws Exception {
        assertThat(response.getStatus()).as(response.getContentAsString()).isEqualTo(status);
        assertThat(response.getContentType()).isEqualTo("application/problem+json");
        return JSON.readTree(response.getContentAsByteArray());
    }

    private static JsonMapper strictMapper() {
        ProblemConfiguration configuration = new ProblemConfiguration();
        var factory = JsonFactory.builder();
        configuration.boundedJson().customize(factory);
        JsonMapper.Builder mapper = JsonMapper.builder(factory.build());
        configuration.strictProtocolJson().customize(mapper);
        mapper.addMixIn(
                org.springframework.http.ProblemDetail.class,
                org.springframework.http.converter.json.ProblemDetailJacksonMixin.class);
        return mapper.build();
    }

    private static final class Refusal extends ProblemException {

        Refusal() {
            super("held by another start");
        }

        @Override
        public HttpStatus status() {
            return HttpStatus.CONFLICT;
        }

        @Override
        public String code() {
            return "in-use";
        }

        @Override
        public Duration retryAfter() {
            return Duration.ofMillis(1001);
        }
    }

    /** With a profile, or every started registry would have these doors. */
    @Profile("standalone")
    @Controller
    static final class Doors {

        private @Nullable RuntimeException failure;

        @PostMapping("/register")
        @ResponseBody
        String register(@RequestBody Registration registration) {
            return registration.unitId().toString();
        }

        @PostMapping("/batch")
        @ResponseBody
        String batch(@RequestBody HeartbeatBatch batch) {
            return Integer.toString(batch.beats().size());
        }

        @GetMapping(value = "/things/{id}", produces = "application/json")
        @ResponseBody
        String thing(
                @PathVariable("id") UnitId id,
                @RequestParam("page") int page,
                @RequestParam(name = "state", required = false) @Nullable UnitState state) {
            return "{}";
        }

        @GetMapping("/failing")
        @ResponseBody
        String failing() {
            if (failure != null) {
                throw failure;
            }
            return "";
        }
    }
}
