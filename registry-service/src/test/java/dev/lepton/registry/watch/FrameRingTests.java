package dev.lepton.registry.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FrameRingTests {

    private final FrameRing ring = new FrameRing(new WatchLimits(4, 100));

    @Test
    void emptyRingContinuesOnlyWhereItWasReset() {
        ring.reset(10);

        assertThat(ring.last()).isEqualTo(10);
        assertThat(ring.continues(9)).isFalse();
        assertThat(ring.continues(10)).isTrue();
        assertThat(ring.continues(11)).isTrue();
        assertThat(ring.after(10, 100)).isEmpty();
    }

    @Test
    void ringHoldsAsManyChangesAsItMayAndDropsTheOldest() {
        ring.reset(0);
        append(1, 4);
        assertThat(ring.continues(0)).isTrue();

        append(5, 5);

        assertThat(ring.continues(0)).isFalse();
        assertThat(ring.continues(1)).isTrue();
        assertThat(ring.after(1, 100)).extracting(Frame::revision).containsExactly(2L, 3L, 4L, 5L);
        assertThat(ring.after(3, 1)).extracting(Frame::revision).containsExactly(4L);
    }

    @Test
    void ringHoldsAsManyBytesAsItMay() {
        ring.reset(0);
        ring.append(1, new byte[50]);
        ring.append(2, new byte[50]);
        assertThat(ring.continues(0)).isTrue();

        ring.append(3, new byte[1]);

        assertThat(ring.continues(0)).isFalse();
        assertThat(ring.continues(1)).isTrue();
    }

    @Test
    void changeLargerThanTheRingIsHeldAlone() {
        ring.reset(0);
        append(1, 2);

        ring.append(3, new byte[1000]);

        assertThat(ring.after(2, 100)).hasSize(1);
        assertThat(ring.continues(1)).isFalse();
    }

    @Test
    void bytesAreCountedUpToEachChange() {
        ring.reset(0);
        ring.append(1, new byte[10]);
        ring.append(2, new byte[20]);

        assertThat(ring.endOf(0)).isZero();
        assertThat(ring.endOf(1)).isEqualTo(10);
        assertThat(ring.endOf(2)).isEqualTo(30);
        assertThat(ring.endOf(7)).isEqualTo(30);
    }

    @Test
    void changeOutOfTurnIsRefused() {
        ring.reset(5);

        assertThatThrownBy(() -> ring.append(5, new byte[1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ring.append(7, new byte[1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void append(long from, long to) {
        for (long r = from; r <= to; r++) {
            ring.append(r, new byte[1]);
        }
    }
}
