package config

import (
	"encoding"
	"errors"
	"reflect"
	"strconv"
)

// Setting is one variable, as the struct's tags tell it.
type Setting struct {
	Name    string
	Default string
	Doc     string
	Group   string // heading of the nested struct it stands in, empty at the top

	value reflect.Value
}

// Settings lists the variables of the struct that into points to, in the order of its fields. docs/configuration.md is
// generated from it.
func Settings(into any) []Setting { return settingsOf(reflect.ValueOf(into).Elem(), "") }

func settingsOf(v reflect.Value, group string) []Setting {
	var all []Setting
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, tagged := field.Tag.Lookup("env")
		switch {
		case tagged:
			all = append(all, Setting{
				Name: name, Default: field.Tag.Get("default"), Doc: field.Tag.Get("doc"), Group: group, value: v.Field(i),
			})
		case field.Type.Kind() == reflect.Struct:
			all = append(all, settingsOf(v.Field(i), field.Tag.Get("doc"))...)
		}
	}
	return all
}

// set reads the variable's text into its field.
func (s Setting) set(text string) error {
	if reader, ok := s.value.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return reader.UnmarshalText([]byte(text))
	}
	if s.value.Kind() == reflect.Int {
		n, err := strconv.Atoi(text)
		if err != nil {
			return errors.New("must be a whole number")
		}
		s.value.SetInt(int64(n))
		return nil
	}
	s.value.SetString(text)
	return nil
}
