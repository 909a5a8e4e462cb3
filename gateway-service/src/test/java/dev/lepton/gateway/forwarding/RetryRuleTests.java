package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryRuleTests {

    @ParameterizedTest
    @CsvSource({
        // failure, idempotent, other, body that cannot be sent again
        "NOT_SENT,      true,  true,  false",
        "NOT_PROCESSED, true,  true,  false",
        "MISDIRECTED,   true,  true,  false",
        "BROKEN,        true,  false, false",
        "TIMED_OUT,     true,  false, false",
        "UNIT_GONE,     true,  false, false",
    })
    void whatMayBeSentAgain(
            Failure failure, boolean idempotent, boolean other, boolean notReplayable) {
        assertThat(RetryRule.maySendAgain(failure, true, true)).isEqualTo(idempotent);
        assertThat(RetryRule.maySendAgain(failure, false, true)).isEqualTo(other);
        assertThat(RetryRule.maySendAgain(failure, true, false)).isEqualTo(notReplayable);
        assertThat(RetryRule.maySendAgain(failure, false, false)).isEqualTo(notReplayable);
    }

    @ParameterizedTest
    @EnumSource
    void theTableAboveKnowsEveryFailure(Failure failure) throws Exception {
        CsvSource table =
                RetryRuleTests.class
                        .getDeclaredMethod(
                                "whatMayBeSentAgain",
                                Failure.class,
                                boolean.class,
                                boolean.class,
                                boolean.class)
                        .getAnnotation(CsvSource.class);

        assertThat(table.value()).anyMatch(row -> row.startsWith(failure + ","));
    }

    @Test
    void methodsThatAskForNothingToBeDone() {
        assertThat(new String[] {"GET", "HEAD", "OPTIONS", "TRACE"}).allMatch(RetryRule::isSafe);
        assertThat(new String[] {"PUT", "DELETE", "POST", "get", ""}).noneMatch(RetryRule::isSafe);
        assertThat(new String[] {"GET", "HEAD"}).allMatch(RetryRule::isRead);
        assertThat(new String[] {"OPTIONS", "PUT", "POST", "head"}).noneMatch(RetryRule::isRead);
    }

    @Test
    void methodsThatMayBeRepeated() {
        assertThat(new String[] {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
                .allMatch(RetryRule::isIdempotent);
        assertThat(new String[] {"POST", "PATCH", "LOCK", "get", ""})
                .noneMatch(RetryRule::isIdempotent);
    }
}
