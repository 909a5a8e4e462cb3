package dev.lepton.client.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.heartbeat.HeartbeatBatch.UnitHeartbeat;
import dev.lepton.client.registration.DrainRequest;
import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.watch.Position;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTests {

    private static final StartId START = StartId.parse("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11");
    private static final UnitId UNIT = new UnitId("worker-1");
    private static final ServiceName SERVICE = new ServiceName("worker");
    private static final UnitAddress ADDRESS = UnitAddress.http("localhost", 80);

    static Stream<Arguments> whatIsAllowed() {
        return Stream.of(
                allowed("unit id of 1", () -> new UnitId("a")),
                allowed("unit id of 128", () -> new UnitId("a".repeat(128))),
                allowed("unit id without a supervisor", () -> new UnitId("worker:host.x:80")),
                allowed("service of 63", () -> new ServiceName("a".repeat(63))),
                allowed("node of 128", () -> new NodeName("A".repeat(128))),
                allowed("port 1", () -> UnitAddress.http("a", 1)),
                allowed("port 65535", () -> UnitAddress.http("a", 65535)),
                allowed("IPv6", () -> UnitAddress.http("fe80::1", 80)),
                allowed("host of 253", () -> UnitAddress.http("a".repeat(253), 80)),
                allowed("weight 1", () -> registration(1, null, Map.of())),
                allowed("weight 1000", () -> registration(1000, null, Map.of())),
                allowed("pid 1", () -> registration(1, 1L, Map.of())),
                allowed("64 labels", () -> registration(1, null, labels(64))),
                allowed("label key of 63", () -> registration(1, null, Map.of("k".repeat(63), ""))),
                allowed(
                        "label value of 256",
                        () -> registration(1, null, Map.of("k", "v".repeat(256)))),
                allowed("reason of 500", () -> new DrainRequest(null, "r".repeat(500))),
                allowed("exit code 0", () -> exit(0, null)),
                allowed("exit code 255", () -> exit(255, null)),
                allowed("signal 1", () -> exit(null, 1)),
                allowed("signal 64", () -> exit(null, 64)),
                allowed("seq 1", () -> beat(1, 0, 0, Map.of())),
                allowed("64 health groups", () -> beat(1, 0, 0, labels(64))),
                allowed("batch of 1000", () -> batch(1000)),
                allowed("restart generation 0", () -> wish(0L, null)),
                allowed("revision 0", () -> new Position("c", 0)),
                allowed(
                        "longest position",
                        () -> {
                            Position longest = new Position("c".repeat(100), Long.MAX_VALUE);
                            assertThat(Position.parse(longest.toString())).isEqualTo(longest);
                        }));
    }

    static Stream<Arguments> whatIsRefused() {
        return Stream.of(
                refused("must be 1 to 128", () -> new UnitId("")),
                refused("must be 1 to 128", () -> new UnitId("a".repeat(129))),
                refused("must be 1 to 128", () -> new UnitId("-a")),
                refused("must be 1 to 128", () -> new UnitId("../a")),
                refused("must be 1 to 128", () -> new UnitId("a/b")),
                refused("must be 1 to 128", () -> new UnitId("a b")),
                refused("must be 1 to 128", () -> new UnitId("ä")),
                refused("is missing", () -> new UnitId(null)),
                refused("lower-case", () -> new ServiceName("Worker")),
                refused("lower-case", () -> new ServiceName("a".repeat(64))),
                refused("lower-case", () -> new ServiceName("a:b")),
                refused("must be 1 to 128", () -> new NodeName("a".repeat(129))),
                refused("UUID", () -> StartId.parse("")),
                refused("UUID", () -> StartId.parse("1-1-1-1-1")),
                refused("UUID", () -> StartId.parse("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d1g")),
                refused("from 1 to 65535", () -> UnitAddress.http("a", 0)),
                refused("from 1 to 65535", () -> UnitAddress.http("a", 65536)),
                refused("'http' or 'https'", () -> new UnitAddress("ftp", "a", 1)),
                refused("a host name", () -> UnitAddress.http("a/b", 1)),
                refused("a host name", () -> UnitAddress.http("user@a", 1)),
                refused("a host name", () -> UnitAddress.http("a".repeat(254), 1)),
                refused("weight 0", () -> registration(0, null, Map.of())),
                refused("weight 1001", () -> registration(1001, null, Map.of())),
                refused("pid 0", () -> registration(1, 0L, Map.of())),
                refused("65 labels", () -> registration(1, null, labels(65))),
                refused("64 characters", () -> registration(1, null, Map.of("k".repeat(64), ""))),
                refused("must not be empty", () -> registration(1, null, Map.of("", ""))),
                refused(
                        "257 characters",
                        () -> registration(1, null, Map.of("k", "v".repeat(257)))),
                refused(
                        "must not be null",
                        () -> registration(1, null, Collections.singletonMap("k", null))),
                refused("501 characters", () -> new DrainRequest(null, "r".repeat(501))),
                refused("control characters", () -> new DrainRequest(null, "a\nb")),
                refused("exitCode -1", () -> exit(-1, null)),
                refused("exitCode 256", () -> exit(256, null)),
                refused("signal 0", () -> exit(null, 0)),
                refused("signal 65", () -> exit(null, 65)),
                refused("seq 0", () -> beat(0, 0, 0, Map.of())),
                refused("negative", () -> beat(1, -1, 0, Map.of())),
                refused("negative", () -> beat(1, 0, -1, Map.of())),
                refused("65 health groups", () -> beat(1, 0, 0, labels(65))),
                refused("control characters", () -> beat(1, 0, 0, Map.of("a", "\u0007"))),
                refused("1 to 1000 beats", () -> batch(0)),
                refused("1 to 1000 beats", () -> batch(1001)),
                refused("negative", () -> wish(-1L, null)),
                refused("501 characters", () -> wish(null, "r".repeat(501))),
                refused("control characters", () -> wish(null, "\u009b31m")),
                refused("cluster id", () -> new Position("", 0)),
                refused("cluster id", () -> new Position("a:b", 0)),
                refused("cluster id", () -> new Position("c".repeat(101), 0)),
                refused("negative", () -> new Position("c", -1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whatIsAllowed")
    void atTheLimitItIsAllowed(String name, ThrowingCallable construction) {
        assertThatCode(construction).as(name).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("whatIsRefused")
    void oneBeyondTheLimitIsRefusedWithTheRule(String rule, ThrowingCallable construction) {
        assertThatThrownBy(construction)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u001b[31m", "a\nb", "a\r\nSet-Cookie: x", "\u0000", "a\u009bb"})
    void controlCharactersAreRefusedAndNotEchoed(String text) {
        for (ThrowingCallable construction :
                new ThrowingCallable[] {
                    () -> new UnitId(text),
                    () -> new ServiceName(text),
                    () -> new NodeName(text),
                    () -> StartId.parse(text),
                    () -> UnitAddress.http(text, 1),
                    () -> new Position(text, 1),
                    () -> Position.parse(text + ":1"),
                    () -> new DrainRequest(null, text),
                    () -> registration(1, null, Map.of("k", text)),
                    () -> registration(1, null, Map.of(text, "v"))
                }) {
            assertThatThrownBy(construction)
                    .isInstanceOf(IllegalArgumentException.class)
                    .satisfies(e ->
                            assertThat(e.getMessage().chars()).noneMatch(Character::isISOControl));
        }
    }

    @Test
    void aLongNameIsCutInTheMessage() {
        assertThatThrownBy(() -> new UnitId("x".repeat(10_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250));
    }

    @Test
    void anAddressIsAUrl() {
        assertThat(UnitAddress.http("::1", 80).uri()).hasToString("http://[::1]:80");
        assertThat(new UnitAddress("https", "a.example", 443)).hasToString("https://a.example:443");
        assertThat(new UnitAddress(null, "a", 1).scheme()).isEqualTo("http");
    }

    @Test
    void mapsAreCopied() {
        Map<String, String> labels = new HashMap<>(Map.of("a", "b"));
        Registration registration = registration(1, null, labels);

        labels.put("c", "d");

        assertThat(registration.labels()).containsOnlyKeys("a");
        assertThatThrownBy(() -> registration.labels().put("c", "d"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static Arguments allowed(String name, ThrowingCallable construction) {
        return Arguments.of(name, construction);
    }

    private static Arguments refused(String rule, ThrowingCallable construction) {
        return Arguments.of(rule, construction);
    }

    private static Registration registration(
            Integer weight, @Nullable Long pid, Map<String, String> labels) {
        return new Registration(
                UNIT, START, SERVICE, ADDRESS, null, null, null, weight, null, pid, labels);
    }

    private static ExitReport exit(@Nullable Integer code, @Nullable Integer signal) {
        return new ExitReport(START, code, signal, false, null);
    }

    private static Heartbeat beat(
            long seq, long completed, int inFlight, Map<String, String> health) {
        return new Heartbeat(START, seq, null, completed, inFlight, health);
    }

    private static HeartbeatBatch batch(int size) {
        return new HeartbeatBatch(
                null, Collections.nCopies(size, new UnitHeartbeat(UNIT, beat(1, 0, 0, Map.of()))));
    }

    private static DesiredWish wish(@Nullable Long restartGeneration, @Nullable String reason) {
        return new DesiredWish(SERVICE, null, null, null, restartGeneration, null, reason);
    }

    private static Map<String, String> labels(int size) {
        Map<String, String> labels = new HashMap<>();
        IntStream.range(0, size).forEach(i -> labels.put("k" + i, "v"));
        return labels;
    }
}
