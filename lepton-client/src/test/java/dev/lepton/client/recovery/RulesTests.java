package dev.lepton.client.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lepton.client.evidence.Evidence;
import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.incident.BlackBox;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.incident.ProbeResult;
import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.node.NodeBeat.Observed;
import dev.lepton.client.policy.PolicyChange;
import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** What the records about failed units refuse, and how they look as JSON. */
class RulesTests {

    private static final StartId START = StartId.parse("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11");
    private static final ServiceName SERVICE = new ServiceName("worker");
    private static final JsonMapper JSON = ProtocolJson.lenient();

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "intensity | 101 | intensity 101 must be from 0 to 100",
                "intensity | -1 | intensity -1 must be from 0 to 100",
                "period | \"PT0.9S\" | period PT0.9S must be from PT1S to PT1H",
                "longIntensity | 101 | longIntensity 101 must be from 0 to 100",
                "longPeriod | \"P8D\" | longPeriod PT192H must be from PT1S to PT168H",
                "firstDelay | \"PT2H\" | firstDelay PT2H must be from PT0S to PT1H",
                "maxDelay | \"-PT1S\" | maxDelay PT-1S must be from PT0S to PT1H",
                "resetAfter | \"PT25H\" | resetAfter PT25H must be from PT0S to PT24H",
                "startDeadline | \"PT0S\" | startDeadline PT0S must be from PT1S to PT24H",
                "startConcurrency | 0 | startConcurrency 0 must be from 1 to 100",
                "exitCodesNotRetried | [1, 256] | exitCodesNotRetried 256 must be from 0 to 255",
                "maxUnavailable | 0 | maxUnavailable 0 must be from 1 to 1000",
                "probation | \"PT0.5S\" | probation PT0.5S must be from PT1S to PT24H",
            })
    void aPolicyOutOfItsBoundsIsRefusedWithTheRule(String field, String value, String rule) {
        assertThatCode(() ->
                        JSON.readValue("{\"%s\":%s}".formatted(field, value), RecoveryPolicy.class))
                .rootCause()
                .hasMessage(rule);
    }

    @Test
    void aPolicyWhoseValuesContradictEachOtherIsRefused() {
        assertThatCode(() ->
                        JSON.readValue(
                                "{\"period\":\"PT60S\",\"longPeriod\":\"PT60S\"}",
                                RecoveryPolicy.class))
                .rootCause()
                .hasMessage("longPeriod PT1M must be longer than period PT1M");
        assertThatCode(() ->
                        JSON.readValue(
                                "{\"firstDelay\":\"PT2S\",\"maxDelay\":\"PT1S\"}",
                                RecoveryPolicy.class))
                .rootCause()
                .hasMessage("maxDelay PT1S must not be shorter than firstDelay PT2S");
    }

    @Test
    void aPolicyAtItsBoundsIsTaken() {
        String least =
                """
                {"type":"transient","strategy":"rest-for-one","intensity":0,"period":"PT1S","longIntensity":100,
                 "longPeriod":"P7D","firstDelay":"PT0S","maxDelay":"PT0S","resetAfter":"PT0S","startDeadline":"PT1S",
                 "startConcurrency":1,"exitCodesNotRetried":[0,255],"maxUnavailable":1,"probation":"PT1S"}\
                """;

        RecoveryPolicy policy = JSON.readValue(least, RecoveryPolicy.class);

        assertThat(JSON.readValue(JSON.writeValueAsString(policy), RecoveryPolicy.class))
                .isEqualTo(policy);
    }

    @Test
    void whatIsNotSaidIsNotWritten() {
        assertThat(JSON.writeValueAsString(RecoveryPolicy.UNSAID)).isEqualTo("{}");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("'startId' is missing", evidence(null, "x", 0, 0)),
                Arguments.of("'observer' is missing", evidence(START, " ", 0, 0)),
                Arguments.of(
                        "'observer' has 101 characters, the limit is 100",
                        evidence(START, "x".repeat(101), 0, 0)),
                Arguments.of("failing 3 must be from 0 to known 2", evidence(START, "x", 3, 2)),
                Arguments.of(
                        "'kind' is missing",
                        (ThrowingCallable) () -> new Evidence(START, null, "x", "y", 0, 0)),
                Arguments.of(
                        "'step' is missing",
                        (ThrowingCallable) () -> new RecoveryReport(START, null, null)),
                Arguments.of(
                        "'cause' is missing",
                        (ThrowingCallable)
                                () -> new PermitRequest(SERVICE, START, null, null, null)),
                Arguments.of(
                        "maxUnavailable 0 must be at least 1",
                        (ThrowingCallable)
                                () -> new PermitRequest(SERVICE, START, KillCause.HUNG, 0, null)),
                Arguments.of(
                        "question -1 must not be negative",
                        (ThrowingCallable)
                                () -> new PermitRequest(SERVICE, START, KillCause.HUNG, null, -1L)),
                Arguments.of(
                        "'policy' is missing",
                        (ThrowingCallable) () -> new PolicyChange(null, null, null, null)),
                Arguments.of(
                        "expectedVersion -1 must not be negative",
                        (ThrowingCallable)
                                () -> new PolicyChange(RecoveryPolicy.UNSAID, -1L, null, null)),
                Arguments.of(
                        "'detectedAt' is missing",
                        (ThrowingCallable) () -> incident(IncidentCause.HUNG, null)),
                Arguments.of(
                        "'cause' is missing",
                        (ThrowingCallable) () -> incident(null, Instant.EPOCH)),
                Arguments.of(
                        "'threads' has 262145, the limit is 262144",
                        (ThrowingCallable)
                                () ->
                                        new BlackBox(
                                                "x".repeat(BlackBox.LONGEST_THREADS + 1),
                                                null,
                                                null)),
                Arguments.of(
                        "'lastLines' has 201, the limit is 200",
                        (ThrowingCallable)
                                () -> new BlackBox(null, Collections.nCopies(201, ""), null)),
                Arguments.of(
                        "'a line of lastLines' has 2001, the limit is 2000",
                        (ThrowingCallable)
                                () -> new BlackBox(null, List.of("x".repeat(2001)), null)),
                Arguments.of(
                        "'probes' has 51, the limit is 50",
                        (ThrowingCallable)
                                () ->
                                        new BlackBox(
                                                null,
                                                null,
                                                Collections.nCopies(
                                                        51,
                                                        new ProbeResult(Instant.EPOCH, true, "")))),
                Arguments.of("seq 0 must be at least 1", nodeBeat(0, 1, List.of())),
                Arguments.of("capacity 1001 must be from 0 to 1000", nodeBeat(1, 1001, List.of())),
                Arguments.of(
                        "'observed' holds 1001 units, the limit is 1000",
                        nodeBeat(
                                1, 1, Collections.nCopies(1001, new Observed(new UnitId("a"), 0)))),
                Arguments.of(
                        "generation -1 must not be negative",
                        (ThrowingCallable) () -> new Observed(new UnitId("a"), -1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String rule, ThrowingCallable construction) {
        assertThatIllegalArgumentException().isThrownBy(construction).withMessage(rule);
    }

    @Test
    void whatAProgramHasWrittenIsMadeFitToBeStored() {
        ProbeResult result = new ProbeResult(Instant.EPOCH, false, "a\u0000b\n" + "x".repeat(300));

        assertThat(result.what()).hasSize(200).startsWith("a b x").endsWith("x…");
    }

    private static ThrowingCallable evidence(
            StartId start, String observer, int failing, int known) {
        return () -> new Evidence(start, EvidenceKind.UNREACHABLE, observer, null, failing, known);
    }

    private static ThrowingCallable nodeBeat(long seq, int capacity, List<Observed> observed) {
        return () -> new NodeBeat(START, seq, capacity, null, observed);
    }

    private static IncidentReport incident(IncidentCause cause, Instant detectedAt) {
        return new IncidentReport(
                SERVICE,
                null,
                cause,
                null,
                detectedAt,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
