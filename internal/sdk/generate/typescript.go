package main

func writeTypeScript(*Model, string) error { return nil }
