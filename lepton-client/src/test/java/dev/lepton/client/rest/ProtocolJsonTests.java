package dev.lepton.client.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.heartbeat.HeartbeatAnswer;
import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.heartbeat.HeartbeatBatch.UnitHeartbeat;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer.Outcome;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer.UnitOutcome;
import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.registration.DrainRequest;
import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.registration.Registered;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Bookmark;
import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.FleetList;
import dev.lepton.client.watch.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class ProtocolJsonTests {

    private static final UnitId UNIT = new UnitId("worker-1");
    private static final ServiceName SERVICE = new ServiceName("worker");
    private static final NodeName NODE = new NodeName("local");
    private static final StartId START = StartId.parse("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11");
    private static final Instant AT = Instant.parse("2026-11-22T10:15:30.123456Z");
    private static final Position POSITION = new Position("c0ffee.1", 42);
    private static final UnitView VIEW =
            new UnitView(
                    UNIT,
                    SERVICE,
                    START,
                    3,
                    UnitState.UP,
                    UnitAddress.http("127.0.0.1", 8085),
                    NODE,
                    Beater.SELF,
                    "1.2",
                    100,
                    "a",
                    77L,
                    Map.of("tier", "one"),
                    AT,
                    "first beat");
    private static final UnitView BARE_VIEW =
            new UnitView(
                    UNIT,
                    SERVICE,
                    START,
                    1,
                    UnitState.STARTING,
                    new UnitAddress("https", "::1", 1),
                    null,
                    Beater.NODE,
                    null,
                    1,
                    null,
                    null,
                    Map.of(),
                    AT,
                    "");
    private static final Desired DESIRED =
            new Desired(
                    UNIT,
                    SERVICE,
                    NODE,
                    DesiredRun.STOP,
                    Map.of("args", List.of("a"), "memory", Map.of("max", 64)),
                    1,
                    2,
                    "deploy",
                    AT);
    private static final Heartbeat BEAT =
            new Heartbeat(START, 7, SelfCheck.LATE, 1000, 2, Map.of("readiness", "UP"));

    private static final FenceTerms FENCE =
            new FenceTerms(Duration.ofSeconds(4), Duration.ofSeconds(6));

    private final JsonMapper json = ProtocolJson.lenient();

    static Stream<Object> everyRecordOfTheProtocol() {
        return Stream.of(
                UNIT,
                SERVICE,
                NODE,
                START,
                POSITION,
                UnitAddress.http("localhost", 65535),
                VIEW,
                BARE_VIEW,
                DESIRED,
                new Desired(UNIT, SERVICE, null, DesiredRun.RUN, Map.of(), 0, 1, null, AT),
                new DesiredWish(SERVICE, NODE, DesiredRun.STOP, Map.of("a", 1), 1L, 2L, "why"),
                new DesiredWish(SERVICE, null, null, null, null, null, null),
                BEAT,
                new Heartbeat(START, 1, null, 0, 0, null),
                new HeartbeatAnswer(
                        true, UnitState.UP, 3, Duration.ofSeconds(1), Duration.ofMillis(300)),
                new HeartbeatAnswer(
                        true,
                        UnitState.UP,
                        3,
                        Duration.ofSeconds(1),
                        Duration.ofMillis(300),
                        FENCE),
                new HeartbeatBatch(NODE, List.of(new UnitHeartbeat(UNIT, BEAT))),
                new HeartbeatBatchAnswer(
                        false,
                        Duration.ofSeconds(1),
                        Duration.ofMillis(300),
                        List.of(
                                new UnitOutcome(UNIT, Outcome.ACCEPTED, UnitState.UP),
                                new UnitOutcome(UNIT, Outcome.ACCEPTED, UnitState.UP, FENCE),
                                new UnitOutcome(UNIT, Outcome.NOT_REGISTERED, null),
                                new UnitOutcome(UNIT, Outcome.SUPERSEDED, null),
                                new UnitOutcome(UNIT, Outcome.UNKNOWN, null))),
                new DrainRequest(START, "deploy"),
                new DrainRequest(null, null),
                new ExitReport(START, 137, 9, true, "stopped"),
                new ExitReport(START, null, null, false, null),
                new Registration(
                        UNIT,
                        START,
                        SERVICE,
                        UnitAddress.http("127.0.0.1", 8085),
                        NODE,
                        Beater.NODE,
                        "1.2",
                        50,
                        "a",
                        77L,
                        Map.of("tier", "one")),
                new Registered(
                        UNIT,
                        START,
                        3,
                        Duration.ofSeconds(1),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(6)),
                new Registered(
                        UNIT,
                        START,
                        3,
                        Duration.ofSeconds(1),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(6),
                        FENCE,
                        true),
                new Bookmark(POSITION, 12),
                new Change(
                        42,
                        AT,
                        UNIT,
                        "lease-expired",
                        UnitState.SUSPECT,
                        UnitState.DOWN,
                        "silent",
                        VIEW,
                        false,
                        null),
                new Change(43, AT, UNIT, "forgotten", UnitState.DOWN, null, "", VIEW, true, null),
                new Change(44, AT, UNIT, "desired", null, null, "", null, false, DESIRED),
                new FleetList(POSITION, List.of(VIEW, BARE_VIEW), List.of(DESIRED)),
                new FleetList(new Position("c", 0), List.of(), List.of()));
    }

    @ParameterizedTest
    @MethodSource("everyRecordOfTheProtocol")
    void everyRecordComesBackAsItWent(Object value) {
        String text = json.writeValueAsString(value);

        assertThat((Object) json.readValue(text, value.getClass())).as(text).isEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource("everyRecordOfTheProtocol")
    void aStrictReaderKnowsEveryFieldThatIsWritten(Object value) {
        JsonMapper strict =
                ProtocolJson.configure(JsonMapper.builder())
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .build();

        assertThat((Object) strict.readValue(json.writeValueAsString(value), value.getClass()))
                .isEqualTo(value);
    }

    @Test
    void theTextsAreWhatOtherLanguagesExpect() {
        assertThat(json.readTree(json.writeValueAsString(new Bookmark(POSITION, 12))))
                .isEqualTo(json.readTree("{\"position\":\"c0ffee.1:42\",\"ageMillis\":12}"));
        assertThat(json.readTree(json.writeValueAsString(BARE_VIEW)))
                .isEqualTo(
                        json.readTree(
                                """
                                {"unitId":"worker-1","service":"worker",
                                 "startId":"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11","incarnation":1,
                                 "state":"STARTING",
                                 "address":{"scheme":"https","host":"::1","port":1},
                                 "beater":"node","weight":1,"labels":{},
                                 "since":"2026-11-22T10:15:30.123456Z","reason":""}\
                                """));
        assertThat(
                        json.readTree(
                                json.writeValueAsString(
                                        new HeartbeatAnswer(
                                                true,
                                                UnitState.UP,
                                                3,
                                                Duration.ofSeconds(1),
                                                Duration.ofMillis(300)))))
                .isEqualTo(
                        json.readTree(
                                """
                                {"stored":true,"state":"UP","incarnation":3,
                                 "heartbeatInterval":"PT1S","heartbeatTimeout":"PT0.3S"}\
                                """));
    }

    @Test
    void anAnswerOfARegistryThatSaysLessIsRead() {
        Registered registered =
                json.readValue(
                        """
                        {"unitId":"worker-1","startId":"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11",
                         "incarnation":3,"heartbeatInterval":"PT1S","heartbeatTimeout":"PT0.3S",
                         "lease":"PT6S"}\
                        """,
                        Registered.class);

        assertThat(registered.fence()).isNull();
        assertThat(registered.repeated()).isFalse();
    }

    @Test
    void whatMayBeLeftOutHasItsDefault() {
        Registration registration =
                json.readValue(
                        """
                        {"unitId":"worker-1","startId":"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11",
                         "service":"worker","address":{"host":"localhost","port":80}}\
                        """,
                        Registration.class);
        Heartbeat beat =
                json.readValue(
                        "{\"startId\":\"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\",\"seq\":1}",
                        Heartbeat.class);
        ExitReport report =
                json.readValue(
                        "{\"startId\":\"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\"}", ExitReport.class);

        assertThat(registration.beater()).isEqualTo(Beater.SELF);
        assertThat(registration.weight()).isEqualTo(100);
        assertThat(registration.address()).isEqualTo(UnitAddress.http("localhost", 80));
        assertThat(beat).isEqualTo(new Heartbeat(START, 1, SelfCheck.OK, 0, 0, Map.of()));
        assertThat(report.expected()).isFalse();
    }

    static Stream<Arguments> textsThatAreNoRecord() {
        String start = "0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11";
        return Stream.of(
                Arguments.of(FleetList.class, "{\"units\":[],\"desired\":[]}"),
                Arguments.of(FleetList.class, "{\"position\":\"c:1\",\"desired\":[]}"),
                Arguments.of(
                        FleetList.class, "{\"position\":\"c:1\",\"units\":[{}],\"desired\":[]}"),
                Arguments.of(
                        FleetList.class, "{\"position\":\"c:1\",\"units\":[null],\"desired\":[]}"),
                Arguments.of(Bookmark.class, "{\"ageMillis\":1}"),
                Arguments.of(Change.class, "{\"revision\":1}"),
                Arguments.of(Desired.class, "{\"unitId\":\"a\"}"),
                Arguments.of(StartId.class, "\"1-1-1-1-1\""),
                Arguments.of(StartId.class, "17"),
                Arguments.of(Position.class, "\"c:-1\""),
                Arguments.of(Position.class, "\"c:\""),
                Arguments.of(Position.class, "\":1\""),
                Arguments.of(Position.class, "\"c:99999999999999999999\""),
                Arguments.of(UnitId.class, "{\"value\":\"worker-1\"}"),
                Arguments.of(UnitId.class, "\"\""),
                Arguments.of(UnitAddress.class, "{\"host\":\"localhost\"}"),
                Arguments.of(UnitAddress.class, "{\"port\":80}"),
                Arguments.of(Heartbeat.class, "{\"startId\":\"" + start + "\"}"),
                Arguments.of(Heartbeat.class, "{\"startId\":\"" + start + "\",\"seq\":\"x\"}"),
                Arguments.of(HeartbeatBatch.class, "{\"beats\":[]}"),
                Arguments.of(HeartbeatBatch.class, "{\"beats\":[null]}"),
                Arguments.of(HeartbeatBatch.class, "{}"),
                Arguments.of(Registration.class, "{}"),
                Arguments.of(DesiredWish.class, "{}"));
    }

    @ParameterizedTest
    @MethodSource("textsThatAreNoRecord")
    void aTextThatBreaksARuleIsNoRecord(Class<?> type, String text) {
        assertThatThrownBy(() -> json.readValue(text, type)).isInstanceOf(JacksonException.class);
    }

    @ParameterizedTest
    @CsvSource({"unitId", "startId", "service", "address"})
    void aMissingFieldIsNamed(String field) {
        var tree =
                json.readTree(
                        """
                        {"unitId":"worker-1","startId":"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11",
                         "service":"worker","address":{"host":"localhost","port":80}}\
                        """);
        ((tools.jackson.databind.node.ObjectNode) tree).remove(field);

        assertThatThrownBy(() -> json.treeToValue(tree, Registration.class))
                .hasMessageContaining(field);
    }
}
