package dev.lepton.starter.membership;

import dev.lepton.client.unit.UnitState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The unit's place in the registry at one moment.
 *
 * @param state the registry's word of the last answered beat, null before
 * @param beats number of beats sent
 * @param lastAnswered when a beat was answered last, null before
 * @param stored whether that beat reached the database
 * @param problem why the last call failed, null when it did not
 */
public record MembershipView(
        Standing standing,
        @Nullable UnitState state,
        long beats,
        @Nullable Instant lastAnswered,
        boolean stored,
        @Nullable Duration heartbeatInterval,
        @Nullable String problem) {

    static final MembershipView BEFORE =
            new MembershipView(Standing.NOT_STARTED, null, 0, null, false, null, null);

    MembershipView standing(Standing standing) {
        return new MembershipView(
                standing, state, beats, lastAnswered, stored, heartbeatInterval, problem);
    }

    MembershipView beat(long seq) {
        return new MembershipView(
                standing, state, seq, lastAnswered, stored, heartbeatInterval, problem);
    }

    MembershipView registered(Duration interval) {
        return new MembershipView(
                Standing.MEMBER, state, beats, lastAnswered, stored, interval, null);
    }

    MembershipView answered(UnitState state, Instant at, boolean stored, Duration interval) {
        return new MembershipView(Standing.MEMBER, state, beats, at, stored, interval, null);
    }

    MembershipView failed(String problem) {
        return new MembershipView(
                standing, state, beats, lastAnswered, stored, heartbeatInterval, problem);
    }
}
