package dev.lepton.registry.changelog;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.problem.ProblemException;
import org.springframework.http.HttpStatus;

/** What follows a position cannot be told any more: the caller has to list again. */
public final class PositionGone extends ProblemException {

    private PositionGone(String detail) {
        super(detail);
    }

    public static PositionGone foreign(Position asked, Position known) {
        return new PositionGone(
                "'since' %s is of another cluster; this one is at %s".formatted(asked, known));
    }

    public static PositionGone compacted(Position asked) {
        return new PositionGone(
                "what follows 'since' %s is no longer kept in the change log".formatted(asked));
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.GONE;
    }

    @Override
    public String code() {
        return "gone";
    }
}
