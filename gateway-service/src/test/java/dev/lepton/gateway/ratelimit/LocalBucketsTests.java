package dev.lepton.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalBucketsTests {

    /** Two a second, five at once. */
    private static final Limit LIMIT = new Limit(5, 2, Duration.ofSeconds(1));

    private final AtomicLong now = new AtomicLong(-3_000_000_000L);
    private final LocalBuckets buckets = new LocalBuckets(100, now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private long takeAll(String key) {
        long taken = 0;
        while (buckets.take(key, LIMIT, 1).allowed()) {
            taken++;
        }
        return taken;
    }

    @Test
    void fullBucketHasItsCapacityAndFillsInASteadyFlow() {
        assertThat(takeAll("a")).isEqualTo(5);

        pass(Duration.ofMillis(499));
        assertThat(takeAll("a")).isZero();

        pass(Duration.ofMillis(1));
        assertThat(takeAll("a")).isEqualTo(1);

        pass(Duration.ofSeconds(2));
        assertThat(takeAll("a")).isEqualTo(4);

        pass(Duration.ofHours(1));
        assertThat(takeAll("a")).isEqualTo(5);
    }

    @Test
    void verdictTellsWhatIsLeftAndWhenThereIsMore() {
        assertThat(buckets.take("a", LIMIT, 1))
                .isEqualTo(new Verdict(true, 4, Duration.ZERO, Duration.ofMillis(500)));

        takeAll("a");
        pass(Duration.ofMillis(100));

        assertThat(buckets.take("a", LIMIT, 1))
                .isEqualTo(new Verdict(false, 0, Duration.ofMillis(400), Duration.ofMillis(2400)));
    }

    @Test
    void requestMayTakeSeveralTokens() {
        assertThat(buckets.take("a", LIMIT, 4).allowed()).isTrue();
        assertThat(buckets.take("a", LIMIT, 2).allowed()).isFalse();
        assertThat(buckets.take("a", LIMIT, 1).allowed()).isTrue();
    }

    @Test
    void clientsHaveBucketsOfTheirOwn() {
        takeAll("a");

        assertThat(takeAll("b")).isEqualTo(5);
    }

    @Test
    void bucketThatIsFullAgainIsForgotten() {
        takeAll("a");
        pass(LIMIT.timeToFill());
        assertThat(buckets.size()).isEqualTo(1);

        pass(Duration.ofSeconds(5));

        assertThat(buckets.size()).isZero();
    }

    @Test
    void noMoreClientsAreRememberedThanAreSet() {
        for (int client = 0; client < 10_000; client++) {
            buckets.take("client-" + client, LIMIT, 1);
        }

        assertThat(buckets.size()).isLessThanOrEqualTo(100);
    }

    @Test
    void waitIsToldInWholeSecondsAndNeverTooShort() {
        assertThat(Verdict.seconds(Duration.ZERO)).isZero();
        assertThat(Verdict.seconds(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(Verdict.seconds(Duration.ofSeconds(1))).isEqualTo(1);
        assertThat(Verdict.seconds(Duration.ofMillis(1001))).isEqualTo(2);
    }
}
