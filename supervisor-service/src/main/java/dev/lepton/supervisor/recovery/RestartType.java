package dev.lepton.supervisor.recovery;

/** Which ends of a unit call for a restart, in the words of the OTP supervisor. */
public enum RestartType {
    /** Always. */
    PERMANENT,
    /** Only after a failure: any end but exit code 0. */
    TRANSIENT,
    /** Never. */
    TEMPORARY
}
