//go:build !linux

package lab

import "syscall"

// dieWithUs is only possible on Linux. Elsewhere a killed lab leaves its processes behind.
func dieWithUs(*syscall.SysProcAttr) {}
