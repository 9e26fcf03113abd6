package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU time in /proc, the same on every Linux that Go runs on.
const tick = time.Second / 100

var errProc = errors.New("not of the form that proc(5) documents")

// CPU is the processor time that the process has used.
func (p *Process) CPU() (time.Duration, error) {
	stat, err := p.proc("stat")
	if err != nil {
		return 0, err
	}
	return parseStat(stat)
}

// Memory is the process's resident memory in bytes.
func (p *Process) Memory() (int64, error) {
	statm, err := p.proc("statm")
	if err != nil {
		return 0, err
	}
	return parseStatm(statm)
}

func (p *Process) proc(file string) (string, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.PID(), file))
	return string(content), err
}

// parseStat reads user and system time, the 14th and 15th field. The second one is the program's name in brackets and
// may hold anything, brackets and spaces too.
func parseStat(stat string) (time.Duration, error) {
	const user, system = 14 - 3, 15 - 3
	bracket := strings.LastIndexByte(stat, ')')
	fields := strings.Fields(stat[bracket+1:])
	if bracket < 0 || len(fields) <= system {
		return 0, errProc
	}
	u, err1 := strconv.ParseInt(fields[user], 10, 64)
	s, err2 := strconv.ParseInt(fields[system], 10, 64)
	if err1 != nil || err2 != nil {
		return 0, errProc
	}
	return time.Duration(u+s) * tick, nil
}

// parseStatm reads the resident pages, the second field.
func parseStatm(statm string) (int64, error) {
	fields := strings.Fields(statm)
	if len(fields) < 2 {
		return 0, errProc
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0, errProc
	}
	return pages * int64(os.Getpagesize()), nil
}

// MachineCPU is the processor time that all processes of the machine have used together.
func MachineCPU() (time.Duration, error) {
	content, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	return parseMachine(string(content))
}

// parseMachine reads the first line: cpu, then the ticks of user, nice, system, idle, iowait, irq, softirq.
func parseMachine(stat string) (time.Duration, error) {
	line, _, _ := strings.Cut(stat, "\n")
	fields := strings.Fields(line)
	if len(fields) < 8 || fields[0] != "cpu" {
		return 0, errProc
	}
	var busy int64
	for _, i := range []int{1, 2, 3, 6, 7} {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0, errProc
		}
		busy += n
	}
	return time.Duration(busy) * tick, nil
}

// DirSize is how many bytes the files under dir hold. Files that vanish meanwhile do not count.
func DirSize(dir string) (int64, error) {
	var size int64
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			size += info.Size()
		}
		return err
	})
	return size, err
}
