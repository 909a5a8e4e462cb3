package dev.lepton.registry.events;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

/** The rows of the change log in pages. */
interface LoggedEvents extends Repository<LoggedEvent, Long> {

    List<LoggedEvent> findByRevisionGreaterThanOrderByRevision(long revision, Limit limit);
}
