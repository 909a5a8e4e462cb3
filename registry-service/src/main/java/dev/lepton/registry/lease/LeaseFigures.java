package dev.lepton.registry.lease;

/** How many leases are judged. */
public interface LeaseFigures {

    /** Units whose marks this replica follows. */
    int watched();
}
