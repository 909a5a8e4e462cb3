package dev.lepton.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadGuardTests {

    private static final String FOLDED = "GET /folded HTTP/1.1\r\nHost: h\r\nX-A: b\r\n c\r\n\r\n";

    /** Whose bodies look like heads with folded headers. */
    private static String requests() {
        String chunk = "GET / HTTP/1.1\r\n a: b\r\n\r\n ";
        return "POST /chunked HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "1A ;ext=5\r\n"
                + chunk
                + "x".repeat(0x1a - chunk.length())
                + "\r\n5\r\n\r\n \r\n\r\n0\r\nX-Trailer: 1\r\n\r\n"
                + "POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\n\r\n\r\n\r\n a: b\r"
                + "\r\n\r\nGET /last HTTP/1.1\r\nHost: h\r\nX-A: b\r\n\r\n";
    }

    private static GuardedChannel channel() {
        return new GuardedChannel(PathRulesTests.allowing());
    }

    private static void assertAllPassed(GuardedChannel channel, String how) {
        assertThat(channel.targets).as(how).containsExactly("/chunked", "/length", "/last");
        assertThat(channel.bodies).as(how).contains("a: b").endsWith("||");
    }

    @Test
    void foldAfterBodiesOfEveryKindIsSeenWhereverTheBytesAreParted() {
        String bytes = requests() + FOLDED;
        for (int at = 1; at < bytes.length(); at++) {
            GuardedChannel channel = channel();

            channel.receive(bytes.substring(0, at));
            channel.receive(bytes.substring(at));

            assertAllPassed(channel, "parted at " + at);
            assertThat(channel.refused(Refusal.FOLDED_HEADER)).as("parted at " + at).isEqualTo(1);
        }
    }

    @Test
    void withoutAFoldNothingIsRefusedHoweverTheBytesAreParted() {
        long seed = 42;
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            GuardedChannel channel = channel();
            String rest = requests();

            while (!rest.isEmpty()) {
                int size = Math.min(1 + random.nextInt(20), rest.length());
                channel.receive(rest.substring(0, size));
                rest = rest.substring(size);
            }

            assertAllPassed(channel, "round " + round + ", seed " + seed);
            assertThat(channel.guard.refuses()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /x HTTP/1.1\r\n Host: h\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: h\r\n\tX: b\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: h\r\nX: b\r\n \r\n\r\n",
                "\r\n\r\nGET /x HTTP/1.1\r\nHost: h\r\n Transfer-Encoding: chunked\r\n\r\n",
            })
    void foldOfAnyHeaderIsRefused(String head) {
        GuardedChannel channel = channel();

        channel.receive(head);

        assertThat(channel.targets).isEmpty();
        assertThat(channel.sent()).startsWith("HTTP/1.1 400 ").contains("folded-header");
    }

    @Test
    void headThatDripsHasOneDeadlineHoweverOftenSomethingComes() {
        GuardedChannel channel = channel();

        channel.receive("GET /x HTTP/1.1\r\nHost: h\r\n");
        channel.advanceMillis(9_000);
        channel.receive("X-A: b\r\n");
        channel.advanceMillis(999);
        assertThat(channel.sent()).isEmpty();
        channel.advanceMillis(1);

        assertThat(channel.sent()).startsWith("HTTP/1.1 408 ").contains("header-timeout");
        assertThat(channel.channel.isOpen()).isFalse();
    }

    @Test
    void headThatIsCompleteInTimeHasNoDeadlineAnyMore() {
        GuardedChannel channel = channel();

        channel.receive("GET /x HTTP/1.1\r\nHost: h\r\n");
        channel.advanceMillis(9_999);
        channel.receive("\r\n");
        channel.respond();
        channel.advanceMillis(60_000);

        assertThat(channel.targets).containsExactly("/x");
        assertThat(channel.channel.isOpen()).isTrue();
    }

    @Test
    void connectionBetweenRequestsHasNoDeadlineOfAHead() {
        GuardedChannel channel = channel();

        channel.receive("GET /x HTTP/1.1\r\nHost: h\r\n\r\n\r\n");
        channel.respond();
        channel.advanceMillis(60_000);

        assertThat(channel.channel.isOpen()).isTrue();
    }

    @Test
    void headBehindARequestThatIsNotAnsweredHasItsTimeAfterwards() {
        GuardedChannel channel = channel();

        channel.receive("GET /x HTTP/1.1\r\nHost: h\r\n\r\nGET /y HTTP/1.1\r\n");
        channel.advanceMillis(10_000);
        assertThat(channel.guard.refuses()).isFalse();
        channel.respond();
        channel.advanceMillis(10_000);

        assertThat(channel.sent()).startsWith("HTTP/1.1 200 ").contains("HTTP/1.1 408 ");
    }
}
