package dev.lepton.registry.watch;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.problem.ProblemException;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/** The caller has seen more than this replica: it is to ask another one, or again later. */
final class ReplicaBehind extends ProblemException {

    ReplicaBehind(Position asked, Position known) {
        super("'since' %s is ahead of this replica, which is at %s".formatted(asked, known));
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.SERVICE_UNAVAILABLE;
    }

    @Override
    public String code() {
        return "behind";
    }

    @Override
    public Duration retryAfter() {
        return Duration.ofSeconds(1);
    }
}
