/** Which unit this process is, and under which address others reach it. */
@NullMarked
package dev.lepton.starter.unit;

import org.jspecify.annotations.NullMarked;
