package dev.lepton.supervisor.runtime;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What tells a run from every other one, also for a supervisor that comes later. */
// By its fields: the marks that older supervisors wrote down name no type.
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({@JsonSubTypes.Type(ProcessMark.class), @JsonSubTypes.Type(ContainerMark.class)})
public sealed interface RunMark permits ProcessMark, ContainerMark {

    /** What it marks, as messages call it. */
    String words();
}
