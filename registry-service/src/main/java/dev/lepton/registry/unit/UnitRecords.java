package dev.lepton.registry.unit;

import java.util.Collection;
import java.util.List;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Reads table {@code unit}; each call in a transaction of its own, so that nothing is cached. */
@Transactional(readOnly = true, propagation = Propagation.REQUIRES_NEW)
interface UnitRecords extends Repository<UnitRecord, String> {

    List<UnitRecord> findByIdIn(Collection<String> ids);

    List<UnitRecord> findByServiceAndForgottenFalse(String service);
}
