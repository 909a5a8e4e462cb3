/**
 * What {@code lepton.yml} declares, and the reader that refuses a wrong file with line and rule.
 */
@NullMarked
package dev.lepton.supervisor.declaration;

import org.jspecify.annotations.NullMarked;
