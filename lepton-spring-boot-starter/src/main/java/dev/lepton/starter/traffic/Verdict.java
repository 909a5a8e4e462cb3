package dev.lepton.starter.traffic;

/** What becomes of one request. */
public enum Verdict {
    TAKEN,
    /** It names another unit: 421, nothing was processed, any method may go elsewhere. */
    MISDIRECTED,
    /** The unit drains and the sender knows others: 503, nothing was processed. */
    DRAINING,
    /**
     * No registry confirms the exclusive unit: 503 for everybody, whether they know other units or
     * not.
     */
    FENCED
}
