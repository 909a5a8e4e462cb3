/**
 * The rules of the source code that hold for every module, and proof that each of them can fail.
 */
@NullMarked
package dev.lepton.platform.arch;

import org.jspecify.annotations.NullMarked;
