package backtrack

func regexp2V1Shortcuts() []shortcut { return nil }
func regexp2V2Shortcuts() []shortcut { return nil }
func v8Shortcuts() []shortcut        { return nil }
func cpythonShortcuts() []shortcut   { return nil }
